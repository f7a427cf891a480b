package org.isofleet.deploy.hosts;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** Commands and logs of hosts; each line bears the name of its host or node. */
public final class FleetShell {
    private final Ssh ssh;
    private final Consumer<String> line;

    /** @param line hears each line, from several threads */
    public FleetShell(Ssh ssh, Consumer<String> line) {
        this.ssh = ssh;
        this.line = line;
    }

    /**
     * Runs a command on hosts at once.
     *
     * @param command in words of the shell there, as ssh takes it
     * @return the largest of the exit codes
     */
    public int run(List<Host> hosts, String command) throws FleetTrouble {
        Map<Host, Integer> codes =
                EachHost.of(hosts, host -> ssh.run(host, command, "", text -> line.accept(host.name() + "  " + text)));
        return codes.values().stream().mapToInt(Integer::intValue).max().orElse(0);
    }

    /**
     * The last lines of nodes.
     *
     * @param names of nodes; all of a host when there are none
     * @param follow whether to wait for more, for ever
     * @return whether one was found
     */
    public boolean logs(List<Host> hosts, List<String> names, int lines, boolean follow) throws FleetTrouble {
        Map<Host, Boolean> found = EachHost.of(hosts, host -> {
            List<String> arguments = new ArrayList<>(List.of(Integer.toString(lines), follow ? "-F" : "-q"));
            arguments.addAll(names);
            String script =
                    new HostScript(host.folder()).call("logs", arguments).text();
            AtomicReference<String> last = new AtomicReference<>();
            int code = ssh.run(host, "exec sh -s", script, text -> {
                last.set(text);
                line.accept(text);
            });
            List<String> heard = Stream.ofNullable(last.get()).toList();
            if (code == Ssh.OF_SSH_ITSELF) {
                throw HostTrouble.ofSsh(host, heard);
            }
            return !heard.isEmpty();
        });
        return found.containsValue(true);
    }
}

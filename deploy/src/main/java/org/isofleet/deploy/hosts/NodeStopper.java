package org.isofleet.deploy.hosts;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** Asks nodes to end, and ends by force those that have not in time. */
record NodeStopper(Ssh ssh) {
    private static final Duration MARGIN = Duration.ofSeconds(60);

    /**
     * Stops nodes of a host; none are needed.
     *
     * @return of each what came of it: {@code stopped}, {@code killed} or {@code absent}
     */
    Map<String, String> stop(Host host, List<String> names, Duration patience) throws HostTrouble {
        Map<String, String> ends = new LinkedHashMap<>();
        if (names.isEmpty()) {
            return ends;
        }
        List<String> arguments = new ArrayList<>(List.of(Long.toString(patience.toSeconds())));
        arguments.addAll(names);
        Ssh.Answer answer = ssh.script(
                host, new HostScript(host.folder()).call("stop", arguments).text(), patience.plus(MARGIN));
        for (String line : answer.lines()) {
            String[] words = line.split(" ");
            if (words.length == 2 && names.contains(words[1])) {
                ends.put(words[1], words[0]);
            }
        }
        return ends;
    }

    /** Names of the nodes of a host that run; other hosts of the same machine may share its folder. */
    List<String> running(Host host) throws HostTrouble {
        Ssh.Answer answer =
                ssh.script(host, new HostScript(host.folder()).call("running").text(), MARGIN);
        return answer.lines().stream()
                .map(line -> line.split(" "))
                .filter(words -> words.length == 5 && words[0].equals("node"))
                .map(words -> words[1])
                .filter(name -> name.equals(Node.COORDINATOR) || name.matches(Pattern.quote(host.name()) + "-[0-9]+"))
                .toList();
    }
}

package org.isofleet.deploy.hosts;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.isofleet.deploy.launch.IsofleetCommandLine;

/** Starts the nodes that do not run, and waits until all are well; else it stops those that it has started. */
final class NodeStarter {
    /** How long a node may take to be well. */
    private static final Duration WELL = Duration.ofSeconds(60);

    /** Of a connection: archiving classes, too, takes its time. */
    private static final Duration LONGEST = Duration.ofMinutes(10);

    private final HostsFile hosts;
    private final Release release;
    private final Ssh ssh;
    private final Map<Host, HostState> states;
    private final Consumer<String> say;
    private final List<Node> nodes = new ArrayList<>();

    NodeStarter(
            HostsFile hosts,
            HostedStudy study,
            Release release,
            Ssh ssh,
            Map<Host, HostState> states,
            Consumer<String> say) {
        this.hosts = hosts;
        this.release = release;
        this.ssh = ssh;
        this.states = states;
        this.say = say;
        states.forEach((host, state) -> nodes.addAll(Node.of(hosts, host, study, state.folder())));
    }

    /** Whether the study goes on; it may be over already, and then nothing new runs. */
    boolean run() throws FleetTrouble {
        try {
            Map<Host, Boolean> over = EachHost.of(hosts.hosts(), this::start);
            if (over.containsValue(true)) {
                stopStarted();
                say.accept("the study is over; its folder on "
                        + hosts.coordinator().name() + " has the report");
                return false;
            }
            EachHost.of(
                    hosts.hosts(),
                    host -> awaited(
                            host,
                            lacking(host).stream()
                                    .filter(node -> !node.isCoordinator())
                                    .toList()));
            return true;
        } catch (FleetTrouble e) {
            stopStarted();
            throw e;
        }
    }

    /** Nodes of a host that did not run when it was looked at, the coordinator first. */
    private List<Node> lacking(Host host) {
        return nodes.stream()
                .filter(node -> node.host().equals(host) && !state(host).nodes().containsKey(node.name()))
                .toList();
    }

    private HostState state(Host host) {
        HostState state = states.get(host);
        if (state == null) {
            throw new IllegalStateException("nothing is known of " + host.name());
        }
        return state;
    }

    /** Starts all of a host; of the coordinator it is waited for as well, for the workers need it. */
    private boolean start(Host host) throws HostTrouble {
        HostState state = state(host);
        if (lacking(host).isEmpty()) {
            return false;
        }
        List<String> java = java(host, state);
        HostScript script = new HostScript(state.folder()).set("main", IsofleetCommandLine.MAIN_CLASS);
        if (hosts.archive()) {
            List<String> archive = new ArrayList<>(List.of(release.id()));
            archive.addAll(java);
            script.call("archive", archive);
        }
        script.line("archived=$(whole_archive " + release.id() + ")");
        for (Node node : lacking(host)) {
            List<String> command = new ArrayList<>(List.of(node.name(), node.digest(release), release.id()));
            command.addAll(java);
            List<String> rest = new ArrayList<>(List.of(IsofleetCommandLine.MAIN_CLASS));
            rest.addAll(node.arguments());
            script.line("launch " + words(command) + " $archived " + words(rest));
        }
        tell(host, ssh.script(host, script.text(), LONGEST));
        return awaited(host, lacking(host).stream().filter(Node::isCoordinator).toList());
    }

    private List<String> java(Host host, HostState state) {
        List<String> java = new ArrayList<>(List.of(host.java()));
        java.addAll(IsofleetCommandLine.options(state.javaVersion()));
        java.addAll(List.of("-Xshare:auto", "-XX:+VerifySharedSpaces", "-Xlog:cds*=off", "-Xlog:class+path=off"));
        java.addAll(List.of("-cp", release.classPath(state.folder() + "/jars")));
        return java;
    }

    private static String words(List<String> words) {
        return String.join(" ", words.stream().map(HostScript::quoted).toList());
    }

    private void tell(Host host, Ssh.Answer answer) throws HostTrouble {
        if (answer.code() != 0) {
            throw new HostTrouble(host, "nodes could not be started there (" + String.join(" ", answer.errors()) + ")");
        }
        for (String line : answer.lines()) {
            String[] words = line.split(" ");
            if (words[0].equals("started") && words.length == 3) {
                say.accept(host.name() + ": " + words[1] + " started, process " + words[2]);
            }
        }
    }

    /** Waits for nodes; whether one has ended because the study is over. */
    private boolean awaited(Host host, List<Node> awaited) throws HostTrouble {
        if (awaited.isEmpty()) {
            return false;
        }
        HostScript script = new HostScript(state(host).folder());
        awaited.forEach(node -> script.call("await", node.name(), node.ready(), Long.toString(WELL.toSeconds())));
        boolean over = false;
        int heard = 0;
        for (String line : ssh.script(host, script.text(), LONGEST).lines()) {
            String[] words = line.split(" ", 3);
            String last = words.length < 3 || words[2].isEmpty()
                    ? "it wrote nothing"
                    : words[2].replaceFirst("^isofleet: ", "");
            switch (words[0]) {
                case "ended" -> throw new HostTrouble(host, words[1] + " has ended: " + last);
                case "late" ->
                    throw new HostTrouble(
                            host,
                            "%s was not ready within %d s (%s): can %s:%d be reached from there, and do the keys fit?"
                                    .formatted(
                                            words[1],
                                            WELL.toSeconds(),
                                            last,
                                            hosts.coordinator().address(),
                                            hosts.port()));
                case "ready", "over" -> {
                    heard++;
                    over |= words[0].equals("over");
                }
                default -> {} // what a shell's profile says
            }
        }
        if (heard < awaited.size()) {
            throw new HostTrouble(host, "its shell ended before all nodes were ready: look at its memory and its disk");
        }
        return over;
    }

    /** What could not be stopped is told and no more, for the reason to stop is told as well. */
    private void stopStarted() {
        for (Host host : hosts.hosts()) {
            List<String> started = lacking(host).stream().map(Node::name).toList();
            try {
                new NodeStopper(ssh).stop(host, started, Duration.ofSeconds(5));
            } catch (HostTrouble e) {
                say.accept(String.valueOf(e.getMessage()) + "; what was started there may run on: "
                        + String.join(", ", started));
            }
        }
    }
}

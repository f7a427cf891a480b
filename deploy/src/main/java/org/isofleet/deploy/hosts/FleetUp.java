package org.isofleet.deploy.hosts;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.isofleet.protocol.keys.NodeKeys;
import org.isofleet.protocol.study.InvalidSpecException;

/**
 * Brings the nodes of a study up on hosts. First all hosts are looked at, and nothing is changed while anything is wrong with one of them. Then
 * each gets the jars, keys and files that it lacks; then the coordinator and the workers are started that do not run, and waited for until
 * the coordinator has heard every worker. If one of them does not come, those that were started are stopped again. Done twice it changes nothing.
 */
public final class FleetUp {
    private static final Duration LOOK = Duration.ofSeconds(60);

    private final HostsFile hosts;
    private final HostedStudy study;
    private final Ssh ssh;
    private final Consumer<String> say;
    private final Release release = Release.ofThisProgram();

    /**
     * Reads the study.
     *
     * @param study a study file, or the name of an embedded study
     * @param say hears what is done
     * @throws InvalidSpecException when the study or the keys make no sense
     */
    public FleetUp(HostsFile hosts, String study, Ssh ssh, Consumer<String> say) throws IOException {
        this.hosts = hosts;
        this.study = HostedStudy.open(study);
        this.ssh = ssh;
        this.say = say;
        if (hosts.keys() != null) {
            NodeKeys.open(hosts.keys());
        }
    }

    /** @throws FleetTrouble when something is wrong with hosts; then nothing new runs there */
    public void run() throws IOException, FleetTrouble {
        Map<Host, HostState> states = EachHost.of(hosts.hosts(), this::look);
        Map<String, byte[]> common = common(state(states, hosts.coordinator()));
        EachHost.of(hosts.hosts(), host -> copy(host, state(states, host), common));
        NodeStarter starter = new NodeStarter(hosts, study, release, ssh, states, say);
        if (starter.run()) {
            tellNext(state(states, hosts.coordinator()));
        }
    }

    private static HostState state(Map<Host, HostState> states, Host host) {
        HostState state = states.get(host);
        if (state == null) {
            throw new IllegalStateException("nothing is known of " + host.name());
        }
        return state;
    }

    private HostState look(Host host) throws HostTrouble {
        boolean leads = host.equals(hosts.coordinator());
        String secret = leads ? "studies/" + study.name() + "/secret" : "";
        String ports = leads ? hosts.port() + (hosts.http() == null ? "" : " " + hosts.http()) : "";
        Ssh.Answer answer = ssh.script(
                host,
                new HostScript(host.folder())
                        .call("probe", host.java(), study.images(), secret, ports)
                        .text(),
                LOOK);
        for (String line : answer.lines()) {
            if (line.startsWith("trouble ")) {
                throw new HostTrouble(host, line.substring(8));
            }
        }
        if (answer.code() != 0) {
            throw new HostTrouble(
                    host,
                    "its shell says '" + String.join(" ", answer.errors()) + "': try 'ssh " + host.ssh() + " true'");
        }
        HostState state = HostState.parse(host, answer.lines());
        if (state.javaVersion() < 17) {
            throw new HostTrouble(
                    host,
                    (state.javaVersion() == 0
                                    ? "there is no Java named '"
                                    : "too old a Java (" + state.javaVersion() + ") is '")
                            + host.java() + "': install a JDK 17 or newer there, or write java = /path/bin/java");
        }
        if (state.imagesMissing()) {
            throw new HostTrouble(
                    host, "does not see the images of the study, " + study.images() + ": copy or mount them there");
        }
        refuseOthers(host, state);
        return state;
    }

    /** Whoever runs already must be what would be started. */
    private void refuseOthers(Host host, HostState state) throws HostTrouble {
        String down = ": 'isofleet down --hosts " + hosts.file() + "', then up again; the study goes on where it was";
        List<Node> nodes = Node.of(hosts, host, study, state.folder());
        for (Node node : nodes) {
            HostState.Running running = state.nodes().get(node.name());
            if (running != null && !running.release().equals(release.id())) {
                throw new HostTrouble(
                        host,
                        node.name() + " is of another version (" + running.release() + ", this is " + release.id() + ")"
                                + down);
            } else if (running != null && !running.digest().equals(node.digest(release))) {
                throw new HostTrouble(host, node.name() + " runs with other settings, or for another study" + down);
            }
        }
        if (state.nodes().containsKey(Node.COORDINATOR) && !host.equals(hosts.coordinator())) {
            throw new HostTrouble(
                    host,
                    "a coordinator runs here, and it is to run on "
                            + hosts.coordinator().name() + down);
        }
    }

    /** Files that all hosts get; of the keys those of a node alone, never the authority's. */
    private Map<String, byte[]> common(HostState coordinator) throws IOException {
        Map<String, byte[]> files = new TreeMap<>();
        Path keys = hosts.keys();
        if (keys != null) {
            for (String name : List.of("ca.pem", "node.key", "node.pem")) {
                files.put("keys/" + name, Files.readAllBytes(keys.resolve(name)));
            }
        }
        String secret = coordinator.secret().isEmpty() ? newSecret() : coordinator.secret();
        files.put("studies/" + study.name() + "/secret", secret.getBytes(StandardCharsets.UTF_8));
        return files;
    }

    private static String newSecret() {
        byte[] random = new byte[32];
        new SecureRandom().nextBytes(random);
        return HexFormat.of().formatHex(random);
    }

    private Parcel copy(Host host, HostState state, Map<String, byte[]> common) throws HostTrouble {
        Map<String, byte[]> wanted = new TreeMap<>(common);
        if (host.equals(hosts.coordinator())) {
            study.files().forEach((path, bytes) -> wanted.put("studies/" + study.name() + "/" + path, bytes));
        }
        Parcel parcel = Parcel.lackedBy(state, release, wanted);
        if (parcel.isEmpty()) {
            return parcel;
        }
        if (parcel.bytes() > state.freeBytes()) {
            throw new HostTrouble(
                    host,
                    "%d MiB are to be copied to %s, and %d are free there: make room, or give another folder"
                            .formatted(parcel.bytes() >> 20, state.folder(), state.freeBytes() >> 20));
        }
        parcel.send(ssh, host, state);
        say.accept("%s: %d jars and %d files copied, %.1f MB"
                .formatted(host.name(), parcel.jars().size(), parcel.files().size(), parcel.bytes() * 1e-6));
        return parcel;
    }

    private void tellNext(HostState coordinator) {
        List<String> lines = new ArrayList<>();
        Host leader = hosts.coordinator();
        int workers = hosts.hosts().stream().mapToInt(Host::slots).sum();
        lines.add("up: the coordinator on %s at %s:%d, %d workers on %d hosts"
                .formatted(
                        leader.name(),
                        leader.address(),
                        hosts.port(),
                        workers,
                        hosts.hosts().size()));
        lines.add("what happens:  isofleet logs --hosts %s -f coordinator".formatted(hosts.file()));
        lines.add(
                "the study is in %s on %s".formatted(coordinator.folder() + "/studies/" + study.name(), leader.name()));
        if (hosts.http() != null) {
            lines.add("the dashboard is on %s:%d, opened by a token of %s there"
                    .formatted(
                            leader.address(),
                            hosts.http(),
                            coordinator.folder() + "/studies/" + study.name() + "/tokens"));
        }
        lines.add("to stop it:    isofleet down --hosts %s; up goes on where it was".formatted(hosts.file()));
        lines.forEach(say);
    }
}

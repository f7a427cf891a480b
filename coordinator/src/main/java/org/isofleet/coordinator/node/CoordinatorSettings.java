package org.isofleet.coordinator.node;

import static org.isofleet.protocol.study.Requirement.require;

import java.nio.file.Path;
import java.util.List;

/**
 * What a coordinator has to be told.
 *
 * @param host name or address on which it listens, and under which workers and other coordinators reach it
 * @param port TCP port; 0 for any that is free
 * @param studyFolder where journal and checkpoints lie
 * @param seedNodes addresses of coordinators to join, {@code pekko://isofleet@host:port}; empty to be a cluster of one
 * @param secret of the cluster; never printed
 * @param profile how patient coordinators are with each other
 */
public record CoordinatorSettings(
        String host, int port, Path studyFolder, List<String> seedNodes, String secret, NetworkProfile profile) {
    /** Timings of the membership; see the conf files of these names. */
    public enum NetworkProfile {
        LAN,
        WAN
    }

    public CoordinatorSettings {
        seedNodes = List.copyOf(seedNodes);
        require(!host.isBlank(), "a coordinator needs a host to listen on");
        require(!secret.isBlank(), "a coordinator needs the cluster's secret");
        require(port >= 0 && port <= 65_535, "a port lies in 0 to 65535, not %d", port);
    }

    /** A cluster of one on this machine, on any free port. */
    public static CoordinatorSettings local(Path studyFolder, String secret) {
        return new CoordinatorSettings("127.0.0.1", 0, studyFolder, List.of(), secret, NetworkProfile.LAN);
    }

    /** The same on another port. */
    public CoordinatorSettings withPort(int newPort) {
        return new CoordinatorSettings(host, newPort, studyFolder, seedNodes, secret, profile);
    }

    /** Folder below which the folders of runs lie. */
    public Path checkpointStore() {
        return studyFolder.resolve("checkpoints").toAbsolutePath();
    }

    @Override
    public String toString() {
        return "coordinator of " + studyFolder + " at " + host + ":" + port + ", joining " + seedNodes;
    }
}

package org.isofleet.coordinator.node;

import static org.isofleet.protocol.study.Requirement.require;

import java.nio.file.Path;
import org.isofleet.coordinator.journal.JournalSettings;
import org.isofleet.protocol.bulk.BulkCredentials;
import org.isofleet.protocol.keys.NodeKeys;
import org.jspecify.annotations.Nullable;

/**
 * What a coordinator has to be told.
 *
 * @param host name or address on which it listens, and under which workers and other coordinators reach it
 * @param port TCP port; 0 for any that is free
 * @param studyFolder where checkpoints lie, and an embedded journal; several coordinators share it
 * @param journal an embedded one is that of a single coordinator; those that share one find each other by it
 * @param secret of the cluster; never printed
 * @param profile how patient coordinators are with each other
 * @param keys folder of the keys by which nodes know each other over TCP; null on a machine of one's own, where nobody else is met
 */
public record CoordinatorSettings(
        String host,
        int port,
        Path studyFolder,
        JournalSettings journal,
        String secret,
        NetworkProfile profile,
        @Nullable Path keys) {
    /** Timings of the membership; see the conf files of these names. */
    public enum NetworkProfile {
        LAN,
        DEFAULT
    }

    public CoordinatorSettings {
        require(!host.isBlank(), "a coordinator needs a host to listen on");
        require(!secret.isBlank(), "a coordinator needs the cluster's secret");
        require(port >= 0 && port <= 65_535, "a port lies in 0 to 65535, not %d", port);
        NodeKeys.requireBeyondLoopback(host, keys);
    }

    /** A cluster of one on this machine, on any free port. */
    public static CoordinatorSettings local(Path studyFolder, String secret) {
        return new CoordinatorSettings(
                "127.0.0.1", 0, studyFolder, new JournalSettings.Embedded(), secret, NetworkProfile.LAN, null);
    }

    /** The same with another journal. */
    public CoordinatorSettings withJournal(JournalSettings other) {
        return new CoordinatorSettings(host, port, studyFolder, other, secret, profile, keys);
    }

    /** The same on another port. */
    public CoordinatorSettings withPort(int newPort) {
        return new CoordinatorSettings(host, newPort, studyFolder, journal, secret, profile, keys);
    }

    /** The same with keys. */
    public CoordinatorSettings withKeys(Path folder) {
        return new CoordinatorSettings(host, port, studyFolder, journal, secret, profile, folder);
    }

    /** By what bulk streams know each other. */
    public BulkCredentials credentials() {
        return BulkCredentials.of(secret, keys == null ? null : NodeKeys.open(keys));
    }

    /** Folder below which the folders of runs lie. */
    public Path checkpointStore() {
        return studyFolder.resolve("checkpoints").toAbsolutePath();
    }

    @Override
    public String toString() {
        return "coordinator of " + studyFolder + " at " + host + ":" + port + ", journal " + journal;
    }
}

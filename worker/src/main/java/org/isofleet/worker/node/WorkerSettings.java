package org.isofleet.worker.node;

import static org.isofleet.protocol.study.Requirement.require;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.isofleet.protocol.bulk.BulkCredentials;
import org.isofleet.protocol.keys.NodeKeys;
import org.jspecify.annotations.Nullable;

/**
 * What a worker process is started with.
 *
 * @param workerId name of the slot, kept over restarts
 * @param coordinators where gateways are dialled, each {@code host:port}
 * @param host address that this worker binds and is known by
 * @param port of its actor system; 0 for any free one. A fixed port a slot keeps coordinators from holding dead associations
 * @param bulkPort where peers connect; 0 for any free one
 * @param secret of the cluster, known to all workers; never printed
 * @param threads compute threads
 * @param memoryBytes memory that a run may use
 * @param orphanTimeout silence of all coordinators after which the process ends; zero for never
 * @param keys folder of the keys by which nodes know each other over TCP; null on a machine of one's own, where nobody else is met
 */
public record WorkerSettings(
        String workerId,
        List<String> coordinators,
        String host,
        int port,
        int bulkPort,
        String secret,
        int threads,
        long memoryBytes,
        Duration orphanTimeout,
        @Nullable Path keys) {
    public WorkerSettings {
        coordinators = List.copyOf(coordinators);
        require(
                workerId.matches("[A-Za-z0-9][A-Za-z0-9._-]{0,63}"),
                "a worker's id is up to 64 letters, digits, dots and dashes, not '%s'",
                workerId);
        require(!coordinators.isEmpty(), "a worker needs at least one coordinator as host:port");
        coordinators.forEach(
                c -> require(c.matches("[^:@/\\s]+:[0-9]{1,5}"), "a coordinator is named host:port, not '%s'", c));
        require(!host.isBlank(), "a worker needs an address to bind, for example 127.0.0.1");
        require(port >= 0 && port <= 65_535, "a port lies in 0 to 65535, not %d", port);
        require(bulkPort >= 0 && bulkPort <= 65_535, "a bulk port lies in 0 to 65535, not %d", bulkPort);
        require(!secret.isBlank(), "a worker needs the cluster's secret");
        require(threads >= 1, "a worker needs at least one compute thread");
        require(memoryBytes > 0, "the memory of a worker must be above 0");
        NodeKeys.requireBeyondLoopback(host, keys);
        require(!orphanTimeout.isNegative(), "the orphan timeout must not be negative");
    }

    /** Without keys, for a worker that stays on the loopback device. */
    public WorkerSettings(
            String workerId,
            List<String> coordinators,
            String host,
            int port,
            int bulkPort,
            String secret,
            int threads,
            long memoryBytes,
            Duration orphanTimeout) {
        this(workerId, coordinators, host, port, bulkPort, secret, threads, memoryBytes, orphanTimeout, null);
    }

    /** The same with keys. */
    public WorkerSettings withKeys(Path folder) {
        return new WorkerSettings(
                workerId, coordinators, host, port, bulkPort, secret, threads, memoryBytes, orphanTimeout, folder);
    }

    /** By what bulk streams know each other. */
    public BulkCredentials credentials() {
        return BulkCredentials.of(secret, keys == null ? null : NodeKeys.open(keys));
    }

    @Override
    public String toString() {
        return "worker " + workerId + " at " + host + ":" + port + ", coordinators " + coordinators;
    }
}

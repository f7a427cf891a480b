package org.isofleet.deploy.chaos;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Between the coordinator and the workers of a study under chaos. */
interface Network extends AutoCloseable {
    /** All on the loopback device, where nobody can be cut off. */
    Network LOOPBACK = new Network() {};

    /** Address of the coordinator. */
    default String coordinatorHost() {
        return "127.0.0.1";
    }

    /** Address of a worker, counted from 0. */
    default String workerHost(int worker) {
        return "127.0.0.1";
    }

    /** Keys without which no node may listen there; null on the loopback device. */
    default @Nullable Path keys() {
        return null;
    }

    /** What stands before the coordinator's command line. */
    default List<String> coordinatorPrefix() {
        return List.of();
    }

    /** What stands before a worker's command line. */
    default List<String> workerPrefix(int worker) {
        return List.of();
    }

    /** From now on nothing reaches this worker or comes from it; nobody is told. */
    default void cut(int worker) throws IOException, InterruptedException {
        throw new IOException("nobody can be cut off on the loopback device");
    }

    /** As before {@link #cut}. */
    default void heal(int worker) throws IOException, InterruptedException {}

    @Override
    default void close() {}
}

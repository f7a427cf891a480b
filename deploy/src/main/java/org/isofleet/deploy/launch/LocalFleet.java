package org.isofleet.deploy.launch;

import static org.isofleet.protocol.study.Requirement.require;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.isofleet.protocol.study.EngineChoice;
import org.jspecify.annotations.Nullable;

/**
 * Workers to be run as processes of this machine, named {@code w1} to {@code wN}.
 *
 * @param workers how many
 * @param folder of the study: logs go below {@code logs}, process records below {@code workers}
 * @param coordinators where they register, each {@code host:port}
 * @param secret of the cluster, handed on in the environment
 * @param threads compute threads of each
 * @param memoryBytes memory that a run may use in each
 * @param orphanTimeout silence of all coordinators after which a worker ends by itself; zero for never
 * @param keys folder of the nodes' keys; null where all stay on the loopback device
 * @param engine what each computes with
 * @param logFormat how lines of its log are written
 */
public record LocalFleet(
        int workers,
        Path folder,
        List<String> coordinators,
        String secret,
        int threads,
        long memoryBytes,
        Duration orphanTimeout,
        @Nullable Path keys,
        EngineChoice engine,
        LogFormat logFormat) {
    public LocalFleet {
        coordinators = List.copyOf(coordinators);
        require(workers >= 0, "a local fleet has no negative number of workers");
        require(!coordinators.isEmpty(), "a local fleet needs a coordinator to register with");
        require(!secret.isBlank(), "a local fleet needs the cluster's secret");
        require(threads >= 1, "a worker needs at least one compute thread");
    }

    @Override
    public String toString() {
        return workers + " local workers of " + threads + " threads in " + folder;
    }
}

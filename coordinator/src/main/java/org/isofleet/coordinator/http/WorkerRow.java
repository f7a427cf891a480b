package org.isofleet.coordinator.http;

import java.time.Instant;
import org.isofleet.metrics.live.WorkerView;
import org.jspecify.annotations.Nullable;

/**
 * A worker as last heard of.
 *
 * @param stragglerScore time for a shard's gradient over the least that is known: 1 is as fast as can be, 0 that nothing is known
 * @param lost why it is gone; left out while it is there
 */
record WorkerRow(
        String id,
        String host,
        String device,
        String kernelClass,
        String state,
        @Nullable String run,
        long step,
        double tokensPerSecond,
        long residentBytes,
        double stragglerScore,
        Instant seen,
        @Nullable String lost) {
    static WorkerRow of(WorkerView worker) {
        var seen = worker.seen();
        return new WorkerRow(
                seen.workerId(),
                seen.host(),
                seen.device(),
                seen.kernelClass(),
                worker.alive() ? seen.doing() : "lost",
                seen.run() == null ? null : seen.run().value(),
                seen.step(),
                worker.alive() ? seen.tokensPerSecond() : 0,
                seen.residentBytes(),
                worker.alive() ? seen.stragglerScore() : 0,
                seen.at(),
                worker.lost());
    }
}

package org.isofleet.coordinator.placement;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.isofleet.protocol.group.KernelClass;
import org.isofleet.protocol.run.RunNeed;
import org.isofleet.protocol.run.WorkerStatus;
import org.isofleet.protocol.study.EvaluationKind;
import org.isofleet.protocol.study.RunId;
import org.jspecify.annotations.Nullable;

/**
 * Everything that placement knows; lost with it and learnt again within seconds.
 *
 * @param epoch its start in milliseconds
 * @param number of the last staffing
 * @param workers the living workers by id
 * @param needs what runs want
 */
public record PlacementState(long epoch, long number, Map<String, Worker> workers, Map<RunId, Need> needs) {
    /** A worker of which no gateway says anything for so long is gone, for example with its gateway. */
    static final Duration WORKER_SILENCE = Duration.ofSeconds(8);
    /** A need that is not said again for so long is void. */
    static final Duration NEED_SILENCE = Duration.ofSeconds(30);
    /** So long a worker that holds a run's parameters is kept for that run to claim it. */
    static final Duration RESERVED = Duration.ofSeconds(20);

    public PlacementState {
        workers = Map.copyOf(workers);
        needs = Map.copyOf(needs);
    }

    /** What a new placement knows: nothing. Its epoch is {@code now}. */
    public static PlacementState starting(Instant now) {
        return new PlacementState(now.toEpochMilli(), 0, Map.of(), Map.of());
    }

    /** {@code kind}: the metric that a worker computes for the run; null when it is in its group. */
    record Assignment(RunId runId, @Nullable EvaluationKind kind, KernelClass kernelClass) {}

    /**
     * A worker that lives.
     *
     * @param freeSince since when it is known and has no assignment
     * @param slowUntil until when it joins no group that has another worker, because it was replaced as a straggler
     * @param slowTimes how often it was
     */
    record Worker(
            WorkerStatus status,
            Instant seenAt,
            Instant freeSince,
            @Nullable Assignment assignment,
            Instant slowUntil,
            int slowTimes) {
        Worker seen(WorkerStatus newStatus, Instant now) {
            return new Worker(newStatus, now, freeSince, assignment, slowUntil, slowTimes);
        }

        Worker assigned(Assignment to) {
            return new Worker(status, seenAt, freeSince, to, slowUntil, slowTimes);
        }

        Worker freed(Instant now) {
            return new Worker(status, seenAt, now, null, slowUntil, slowTimes);
        }

        Worker slowAgainUntil(Instant until) {
            return new Worker(status, seenAt, freeSince, assignment, until, slowTimes + 1);
        }

        boolean worksFor(RunId runId) {
            return assignment != null && assignment.runId().equals(runId);
        }

        RunNeed.Holding holding() {
            return new RunNeed.Holding(status.workerId(), status.incarnation());
        }

        boolean leaves() {
            return status.leaving();
        }

        boolean is(RunNeed.Holding holding) {
            return holding().equals(holding);
        }
    }

    /** A need and when it was last said. */
    record Need(RunNeed need, Instant heardAt) {}
}

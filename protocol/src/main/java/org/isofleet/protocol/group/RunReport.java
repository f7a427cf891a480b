package org.isofleet.protocol.group;

import org.isofleet.protocol.metric.EvaluationResult;
import org.isofleet.protocol.study.EvaluationKind;
import org.isofleet.protocol.study.RunId;
import org.jspecify.annotations.Nullable;

/** What a worker has to tell a run. Repeated until acknowledged, so every handler takes duplicates. */
public sealed interface RunReport {
    RunId runId();

    /**
     * The member stands still in this generation.
     *
     * @param held what it has in memory, if anything
     * @param gradientDigest of a fixed gradient at the run's shapes: what its kernels compute
     */
    record GroupPrepared(
            RunId runId,
            long generation,
            String workerId,
            @Nullable HeldState held,
            String gradientDigest) implements RunReport {}

    /** The member trains: it has its parameters and the step loop runs. {@code readCheckpoint}: where they came from. */
    record GroupRunning(RunId runId, long generation, String workerId, long step, boolean readCheckpoint)
            implements RunReport {}

    /** The worker does not follow the group of that generation and holds nothing of it; the next one may take it in all the same. */
    record FollowingFailed(RunId runId, long generation, String workerId, String reason) implements RunReport {}

    /** A scheduled checkpoint is on disk and synced. */
    record CheckpointWritten(RunId runId, long generation, String workerId, CheckpointRef checkpoint)
            implements RunReport {}

    /**
     * This member could not write a checkpoint, scheduled or last; training goes on.
     *
     * @param retried whether it tries again by itself, until it has written it or the next one is due
     */
    record CheckpointFailed(RunId runId, long generation, String workerId, long step, String reason, boolean retried)
            implements RunReport {}

    /** All steps are done; the final checkpoint is on disk. {@code seconds}: time of this member's step loop. */
    record TrainingFinished(
            RunId runId, long generation, String workerId, CheckpointRef checkpoint, String chain, double seconds)
            implements RunReport {}

    /** A connection to a peer broke: the group cannot go on. */
    record PeerLost(RunId runId, long generation, String workerId, String lostWorkerId, String reason)
            implements RunReport {}

    /**
     * The run cannot go on on this worker: a defect, no memory, a loss that is no number, images that differ.
     *
     * @param divergence the step that was no number; null when it is the worker that failed
     */
    record TrainingFailed(
            RunId runId,
            long generation,
            String workerId,
            String reason,
            @Nullable Divergence divergence) implements RunReport {
        /** A failure of the worker, not of the run. */
        public TrainingFailed(RunId runId, long generation, String workerId, String reason) {
            this(runId, generation, workerId, reason, null);
        }

        /** Whether its loss or gradient is no number: computed rightly, it would be none on any worker. */
        public boolean diverged() {
            return divergence != null;
        }
    }

    /**
     * Members hold or computed different bits, which were not summed or not used; this one has dropped what it held.
     *
     * @param step first step after which what members hold is in doubt
     * @param culprit who computed wrongly, if that can be told
     */
    record StatesDiffer(
            RunId runId,
            long generation,
            String workerId,
            long step,
            @Nullable String culprit,
            String reason) implements RunReport {}

    /** A named checkpoint cannot be read or does not match its digest. */
    record CheckpointUnreadable(RunId runId, long generation, String workerId, CheckpointRef checkpoint, String reason)
            implements RunReport {}

    record EvaluationFinished(
            RunId runId, String workerId, String checkpointDigest, EvaluationResult result, double seconds)
            implements RunReport {}

    record EvaluationFailed(RunId runId, String workerId, String checkpointDigest, EvaluationKind kind, String reason)
            implements RunReport {}
}

package org.isofleet.protocol.run;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.time.Instant;
import java.util.List;
import org.isofleet.protocol.group.CheckpointRef;
import org.isofleet.protocol.group.Divergence;
import org.isofleet.protocol.group.KernelClass;
import org.isofleet.protocol.group.Member;
import org.isofleet.protocol.group.StartPoint;
import org.isofleet.protocol.metric.EvaluationResult;
import org.isofleet.protocol.study.EvaluationKind;
import org.isofleet.protocol.wire.JournalRecord;
import org.jspecify.annotations.Nullable;

/** What happened to a run, as the journal keeps it. Steps are telemetry and never here. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "event")
@JsonSubTypes({
    @JsonSubTypes.Type(value = RunEvent.RunOrdered.class, name = "ordered"),
    @JsonSubTypes.Type(value = RunEvent.GenerationBegun.class, name = "generation-begun"),
    @JsonSubTypes.Type(value = RunEvent.GenerationStarted.class, name = "generation-started"),
    @JsonSubTypes.Type(value = RunEvent.GenerationFound.class, name = "generation-found"),
    @JsonSubTypes.Type(value = RunEvent.CheckpointCommitted.class, name = "checkpoint-committed"),
    @JsonSubTypes.Type(value = RunEvent.CheckpointDiscarded.class, name = "checkpoint-discarded"),
    @JsonSubTypes.Type(value = RunEvent.MemoryDoubted.class, name = "memory-doubted"),
    @JsonSubTypes.Type(value = RunEvent.AttemptFailed.class, name = "attempt-failed"),
    @JsonSubTypes.Type(value = RunEvent.TrainingCompleted.class, name = "training-completed"),
    @JsonSubTypes.Type(value = RunEvent.EvaluationAssigned.class, name = "evaluation-assigned"),
    @JsonSubTypes.Type(value = RunEvent.EvaluationAttemptFailed.class, name = "evaluation-attempt-failed"),
    @JsonSubTypes.Type(value = RunEvent.EvaluationGivenUp.class, name = "evaluation-given-up"),
    @JsonSubTypes.Type(value = RunEvent.EvaluationRecorded.class, name = "evaluation-recorded"),
    @JsonSubTypes.Type(value = RunEvent.Operated.class, name = "operated"),
    @JsonSubTypes.Type(value = RunEvent.RunSettled.class, name = "settled")
})
public sealed interface RunEvent extends JournalRecord {
    Instant at();

    record RunOrdered(Instant at, RunOrder order) implements RunEvent {}

    /**
     * The group changed. Persisted before any message carries the generation.
     *
     * @param reachedStep highest step that any member had reported by then
     * @param trainSeconds time in the step loop before it
     * @param audited whether every step is computed twice, whatever the policy says; false in journals from before that was told
     */
    record GenerationBegun(
            Instant at,
            long generation,
            List<Member> members,
            KernelClass kernelClass,
            GenerationCause cause,
            @Nullable String reason,
            long reachedStep,
            double trainSeconds,
            boolean audited)
            implements RunEvent {
        public GenerationBegun {
            members = List.copyOf(members);
        }
    }

    /**
     * All members are prepared; from here the group may be training.
     *
     * @param gradientDigest what all members computed of a fixed gradient at the run's shapes; null when the run is not exact, and in
     *     journals from before it was asked for
     */
    record GenerationStarted(
            Instant at,
            long generation,
            StartPoint from,
            @Nullable String gradientDigest) implements RunEvent {}

    /**
     * A worker or a checkpoint is of a generation that this journal knows nothing of: it was restored from a copy. Numbers go on above
     * it, for one that is used twice would mix two groups.
     */
    record GenerationFound(Instant at, long generation) implements RunEvent {}

    record CheckpointCommitted(Instant at, long generation, CheckpointRef checkpoint, double trainSeconds)
            implements RunEvent {}

    /**
     * A committed checkpoint turned out to be unreadable, or its state to be of no use; the one before it counts. If it was the last of the
     * run, the end of training is taken back with it.
     */
    record CheckpointDiscarded(Instant at, CheckpointRef checkpoint, String reason) implements RunEvent {}

    /**
     * Members came to different bits: what workers hold in memory does not count any more.
     *
     * @param doubt the generations and steps concerned
     * @param culprit who computed wrongly, if that can be told
     */
    record MemoryDoubted(Instant at, Doubt doubt, @Nullable String culprit, String reason) implements RunEvent {}

    /** {@code divergence}: the step that was no number; null when there was none, and in journals from before it was told. */
    record AttemptFailed(
            Instant at,
            long generation,
            String workerId,
            String reason,
            Instant retryAt,
            @Nullable Divergence divergence)
            implements RunEvent {}

    /** {@code chain}: digest chained over the scheduled checkpoints. */
    record TrainingCompleted(Instant at, long generation, CheckpointRef checkpoint, String chain, double trainSeconds)
            implements RunEvent {}

    record EvaluationAssigned(Instant at, EvaluationKind kind, String workerId, long incarnation) implements RunEvent {}

    /** {@code workerLost}: the worker went away, which is no failure of the evaluation. */
    record EvaluationAttemptFailed(Instant at, EvaluationKind kind, String reason, boolean workerLost, Instant retryAt)
            implements RunEvent {}

    record EvaluationGivenUp(Instant at, EvaluationKind kind, String reason) implements RunEvent {}

    record EvaluationRecorded(Instant at, String checkpointDigest, EvaluationResult result, double seconds)
            implements RunEvent {}

    /** The run heeds what an operator wants; {@code trainSeconds}: time in the step loop so far. */
    record Operated(Instant at, OperatorWish wish, double trainSeconds) implements RunEvent {}

    record RunSettled(
            Instant at, RunOutcome outcome, @Nullable String reason) implements RunEvent {}
}

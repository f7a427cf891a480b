package org.isofleet.metrics.live;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.time.Instant;
import java.util.List;
import org.isofleet.metrics.scaling.ScalingFit;
import org.isofleet.protocol.group.CheckpointRef;
import org.isofleet.protocol.metric.EvaluationResult;
import org.isofleet.protocol.metric.StepMetrics;
import org.isofleet.protocol.run.GenerationCause;
import org.isofleet.protocol.study.RunId;
import org.isofleet.protocol.study.StudyPlan;
import org.jspecify.annotations.Nullable;

/**
 * What happens in a study, as everyone who watches sees it. Results appear here only after their event is persisted; progress is
 * telemetry. One JSON line each in a study folder's {@code events.jsonl}, all but {@link Progress} and {@link WorkerSeen}.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "event")
@JsonSubTypes({
    @JsonSubTypes.Type(value = LiveEvent.StudyStarted.class, name = "study-started"),
    @JsonSubTypes.Type(value = LiveEvent.StudyAdapted.class, name = "study-adapted"),
    @JsonSubTypes.Type(value = LiveEvent.RunChanged.class, name = "run-changed"),
    @JsonSubTypes.Type(value = LiveEvent.Progress.class, name = "progress"),
    @JsonSubTypes.Type(value = LiveEvent.CheckpointCommitted.class, name = "checkpoint-committed"),
    @JsonSubTypes.Type(value = LiveEvent.EvaluationRecorded.class, name = "evaluation-recorded"),
    @JsonSubTypes.Type(value = LiveEvent.FitsUpdated.class, name = "fits-updated"),
    @JsonSubTypes.Type(value = LiveEvent.WorkerSeen.class, name = "worker-seen"),
    @JsonSubTypes.Type(value = LiveEvent.WorkerLost.class, name = "worker-lost"),
    @JsonSubTypes.Type(value = LiveEvent.Warning.class, name = "warning"),
    @JsonSubTypes.Type(value = LiveEvent.Operated.class, name = "operated"),
    @JsonSubTypes.Type(value = LiveEvent.StudyFinished.class, name = "study-finished")
})
public sealed interface LiveEvent {
    Instant at();

    /** The name by which the event goes in JSON. */
    default String eventName() {
        for (JsonSubTypes.Type type :
                LiveEvent.class.getAnnotation(JsonSubTypes.class).value()) {
            if (type.value() == getClass()) {
                return type.name();
            }
        }
        throw new IllegalStateException("an event without a name: " + getClass());
    }

    /** States of a run as people see them. */
    enum RunState {
        WAITING,
        FORMING,
        TRAINING,
        EVALUATING,
        RETRYING,
        PAUSED,
        DONE,
        PARKED,
        /** The study did not need it any more. */
        STOPPED
    }

    record StudyStarted(Instant at, StudyPlan plan) implements LiveEvent {}

    /**
     * A study that adapts itself has decided: candidates of its plan that are trained from now on, and runs that are not trained any
     * further.
     */
    record StudyAdapted(Instant at, int resolution, List<RunId> added, List<RunId> stopped, String reason)
            implements LiveEvent {
        public StudyAdapted {
            added = List.copyOf(added);
            stopped = List.copyOf(stopped);
        }
    }

    /** {@code cause}: of a group that forms, why; null of other states, and when it is told again after a restart. */
    record RunChanged(
            Instant at,
            RunId runId,
            RunState state,
            long generation,
            List<String> workers,
            int restarts,
            @Nullable String reason,
            @Nullable GenerationCause cause)
            implements LiveEvent {
        public RunChanged {
            workers = List.copyOf(workers);
        }

        /** A change of which no cause is told. */
        public RunChanged(
                Instant at,
                RunId runId,
                RunState state,
                long generation,
                List<String> workers,
                int restarts,
                @Nullable String reason) {
            this(at, runId, state, generation, workers, restarts, reason, null);
        }
    }

    record Progress(Instant at, RunId runId, long generation, List<StepMetrics> steps, double tokensPerSecond)
            implements LiveEvent {
        public Progress {
            steps = List.copyOf(steps);
        }
    }

    /** {@code last}: this checkpoint ends the training; {@code trainSeconds}: time in the step loop so far. */
    record CheckpointCommitted(Instant at, CheckpointRef checkpoint, boolean last, double trainSeconds)
            implements LiveEvent {}

    record EvaluationRecorded(Instant at, RunId runId, String checkpointDigest, EvaluationResult result)
            implements LiveEvent {}

    /** The current fits of the metric {@code metric}: {@code loss}, {@code top1} or {@code fd}, by resolution in the group. */
    record FitsUpdated(Instant at, String metric, List<ScalingFit> fits, int finishedRuns, int plannedRuns)
            implements LiveEvent {
        public FitsUpdated {
            fits = List.copyOf(fits);
        }
    }

    /** {@code stragglerScore}: its time for a shard against the least that is known; 1 is as fast as can be, 0 not known. */
    record WorkerSeen(
            Instant at,
            String workerId,
            String host,
            String device,
            String kernelClass,
            @Nullable RunId run,
            String doing,
            long step,
            double tokensPerSecond,
            long residentBytes,
            double stragglerScore)
            implements LiveEvent {}

    /** {@code inOrder}: whether it said goodbye, as one does that was asked to end. */
    record WorkerLost(Instant at, String workerId, String reason, boolean inOrder) implements LiveEvent {}

    record Warning(Instant at, @Nullable RunId runId, String text) implements LiveEvent {}

    /** An operator changed a run, or the study: {@code done} says what, {@code by} who, and {@code runs} how many it concerns. */
    record Operated(Instant at, @Nullable RunId runId, String done, String by, int runs) implements LiveEvent {}

    record StudyFinished(Instant at, int done, int parked, double seconds) implements LiveEvent {}
}

package org.isofleet.protocol.run;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.time.Instant;
import java.util.List;
import org.isofleet.protocol.study.RunId;
import org.isofleet.protocol.study.StudyPlan;
import org.isofleet.protocol.wire.JournalRecord;
import org.jspecify.annotations.Nullable;

/** What happened to a study, as the journal keeps it. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "event")
@JsonSubTypes({
    @JsonSubTypes.Type(value = StudyEvent.StudySubmitted.class, name = "submitted"),
    @JsonSubTypes.Type(value = StudyEvent.RunEnded.class, name = "run-ended"),
    @JsonSubTypes.Type(value = StudyEvent.RunReopened.class, name = "run-reopened"),
    @JsonSubTypes.Type(value = StudyEvent.Operated.class, name = "operated"),
    @JsonSubTypes.Type(value = StudyEvent.StudyAdapted.class, name = "adapted"),
    @JsonSubTypes.Type(value = StudyEvent.StudyFinished.class, name = "finished")
})
public sealed interface StudyEvent extends JournalRecord {
    Instant at();

    record StudySubmitted(Instant at, StudyPlan plan) implements StudyEvent {}

    /** {@code loss}: held-out, in nats a pixel, and the {@code steps} trained; null and 0 in journals from before they were told. */
    record RunEnded(
            Instant at,
            RunId runId,
            RunOutcome outcome,
            @Nullable String reason,
            @Nullable Double loss,
            long steps) implements StudyEvent {}

    /**
     * A study that adapts itself has decided.
     *
     * @param resolution whose grid it is about
     * @param added candidates that are trained from now on
     * @param stopped runs that are not trained any further
     */
    record StudyAdapted(Instant at, int resolution, List<RunId> added, List<RunId> stopped, String reason)
            implements StudyEvent {
        public StudyAdapted {
            added = List.copyOf(added);
            stopped = List.copyOf(stopped);
        }
    }

    /** A run that was done turned out to have wrong bits, and is computed again. */
    record RunReopened(Instant at, RunId runId) implements StudyEvent {}

    /** An operator wants something of these runs; {@code all}: of the study. */
    record Operated(Instant at, OperatorWish wish, List<RunId> runs, boolean all) implements StudyEvent {
        public Operated {
            runs = List.copyOf(runs);
        }
    }

    record StudyFinished(Instant at) implements StudyEvent {}
}

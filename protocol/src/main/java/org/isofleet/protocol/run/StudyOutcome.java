package org.isofleet.protocol.run;

import java.util.List;
import org.isofleet.protocol.study.RunId;
import org.isofleet.protocol.wire.WireMessage;
import org.jspecify.annotations.Nullable;

/**
 * How a finished study ended.
 *
 * @param studyId the study
 * @param runs how each run ended, in the order of the plan
 * @param seconds from first submission to the last run's end
 */
public record StudyOutcome(String studyId, List<Run> runs, double seconds) implements WireMessage {
    /** {@code reason}: why it was parked, or which evaluation was given up. */
    public record Run(
            RunId runId, RunOutcome outcome, @Nullable String reason) {}

    public StudyOutcome {
        runs = List.copyOf(runs);
    }

    /** Runs that ended in a way. */
    public int count(RunOutcome outcome) {
        return (int) runs.stream().filter(r -> r.outcome() == outcome).count();
    }
}

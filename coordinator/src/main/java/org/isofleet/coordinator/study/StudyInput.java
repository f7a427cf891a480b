package org.isofleet.coordinator.study;

import org.isofleet.protocol.run.OperatorWish;
import org.isofleet.protocol.run.RunOutcome;
import org.isofleet.protocol.study.RunId;
import org.isofleet.protocol.study.StudyPlan;
import org.jspecify.annotations.Nullable;

/** What a study decides about. */
public sealed interface StudyInput {
    /** The journal has been read; the first input after every start of the entity. */
    record Recovered() implements StudyInput {}

    /** Someone asks for the study; one that is known goes on. */
    record Submitted(StudyPlan plan) implements StudyInput {}

    /** A run says how it ended, perhaps again; {@code loss} and {@code steps} as in the command. */
    record RunEnded(
            RunId runId,
            RunOutcome outcome,
            @Nullable String reason,
            @Nullable Double loss,
            long steps) implements StudyInput {}

    /** A run that had ended goes on. */
    record RunReopened(RunId runId) implements StudyInput {}

    /** An operator wants something; {@code runId}: null for all that it can concern. */
    record Operated(OperatorWish.Action action, @Nullable RunId runId, String by) implements StudyInput {}

    /** Someone who watches has come late. */
    record Shown() implements StudyInput {}

    /** Time has passed. */
    record Woke() implements StudyInput {}
}

package org.isofleet.protocol.run;

import org.apache.pekko.actor.typed.ActorRef;
import org.isofleet.protocol.study.RunId;
import org.isofleet.protocol.study.StudyPlan;
import org.isofleet.protocol.wire.WireMessage;
import org.jspecify.annotations.Nullable;

/** What a study is told. */
public sealed interface StudyCommand extends WireMessage {
    /** Run this plan; a study that is already known goes on. */
    record Submit(StudyPlan plan, ActorRef<Accepted> replyTo) implements StudyCommand {}

    /** The study is in the journal. */
    record Accepted(String studyId) implements WireMessage {}

    /**
     * A run is done, parked or stopped; repeated by the run when asked.
     *
     * @param loss held-out loss in nats a pixel; null when it was not measured
     * @param steps that it was trained for
     */
    record RunEnded(
            RunId runId,
            RunOutcome outcome,
            @Nullable String reason,
            @Nullable Double loss,
            long steps) implements StudyCommand {}

    /** A run that was done goes on: its bits were wrong. Repeated by the run when asked. */
    record RunReopened(RunId runId) implements StudyCommand {}

    /**
     * An operator wants something of a run, or of all of them.
     *
     * @param runId null for all
     * @param by who, for people and for the audit
     */
    record Operate(OperatorWish.Action action, @Nullable RunId runId, String by, ActorRef<Operated> replyTo)
            implements StudyCommand {}

    /** It is in the journal; {@code runs}: how many it concerns. */
    record Operated(int runs) implements WireMessage {}

    /** How did it end? Answered at once. */
    record Inquire(ActorRef<Inquired> replyTo) implements StudyCommand {}

    /** Null while the study runs. */
    record Inquired(@Nullable StudyOutcome outcome) implements WireMessage {}

    /** Show those who watch what has happened until now; who comes late has missed it. */
    record Show() implements StudyCommand {}

    /** A timer of the study itself; never travels. */
    record Wake() implements StudyCommand {}
}

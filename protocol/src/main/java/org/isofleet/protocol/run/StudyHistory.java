package org.isofleet.protocol.run;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.isofleet.protocol.study.RunId;
import org.isofleet.protocol.study.StudyPlan;
import org.isofleet.protocol.wire.JournalRecord;
import org.jspecify.annotations.Nullable;

/**
 * A study as its events made it; also the snapshot in the journal.
 *
 * @param submittedAt when it was first submitted
 * @param plan the study
 * @param ended runs that are done or parked, in that order
 * @param finishedAt when the last one ended
 */
public record StudyHistory(
        Instant submittedAt,
        StudyPlan plan,
        List<StudyEvent.RunEnded> ended,
        @Nullable Instant finishedAt) implements JournalRecord {
    public StudyHistory {
        ended = List.copyOf(ended);
    }

    /** Whether a run is done or parked. */
    public boolean hasEnded(RunId runId) {
        return ended.stream().anyMatch(e -> e.runId().equals(runId));
    }

    /** Runs that ended in a way. */
    public int count(RunOutcome outcome) {
        return (int) ended.stream().filter(e -> e.outcome() == outcome).count();
    }

    /** What the study asks of its runs, in order. */
    public List<RunOrder> orders() {
        List<RunOrder> orders = new ArrayList<>();
        for (int i = 0; i < plan.runs().size(); i++) {
            orders.add(new RunOrder(plan.studyId(), i, plan.runs().get(i).spec(), plan.evaluation(), plan.policy()));
        }
        return orders;
    }

    /**
     * The history after one more event.
     *
     * @param before null when nothing has happened yet
     * @throws IllegalStateException when the first event is no submission
     */
    public static StudyHistory after(@Nullable StudyHistory before, StudyEvent event) {
        if (event instanceof StudyEvent.StudySubmitted submitted) {
            return before == null
                    ? new StudyHistory(submitted.at(), submitted.plan(), List.of(), null)
                    : new StudyHistory(before.submittedAt, submitted.plan(), before.ended, before.finishedAt);
        }
        if (before == null) {
            throw new IllegalStateException("a study's journal begins with its plan, not with " + event);
        }
        if (event instanceof StudyEvent.RunEnded end) {
            List<StudyEvent.RunEnded> grown = new ArrayList<>(before.ended);
            grown.add(end);
            return new StudyHistory(before.submittedAt, before.plan, grown, before.finishedAt);
        }
        if (event instanceof StudyEvent.RunReopened reopened) {
            List<StudyEvent.RunEnded> left = before.ended.stream()
                    .filter(e -> !e.runId().equals(reopened.runId()))
                    .toList();
            return new StudyHistory(before.submittedAt, before.plan, left, null);
        }
        return new StudyHistory(before.submittedAt, before.plan, before.ended, event.at());
    }
}

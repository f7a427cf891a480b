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
 * @param wishes what operators want, the newest of each run
 */
public record StudyHistory(
        Instant submittedAt,
        StudyPlan plan,
        List<StudyEvent.RunEnded> ended,
        @Nullable Instant finishedAt,
        List<Wish> wishes)
        implements JournalRecord {
    /** What is wanted of a run. */
    public record Wish(RunId runId, OperatorWish wish) {}

    /** {@code wishes} is null in snapshots from before there were any. */
    public StudyHistory(
            Instant submittedAt,
            StudyPlan plan,
            List<StudyEvent.RunEnded> ended,
            @Nullable Instant finishedAt,
            @Nullable List<Wish> wishes) {
        this.submittedAt = submittedAt;
        this.plan = plan;
        this.ended = List.copyOf(ended);
        this.finishedAt = finishedAt;
        this.wishes = wishes == null ? List.of() : List.copyOf(wishes);
    }

    /** Whether a run ended without a result. */
    public boolean isParked(RunId runId) {
        return ended.stream().anyMatch(e -> e.runId().equals(runId) && e.outcome() == RunOutcome.PARKED);
    }

    /** Whether a wish may not have been heeded yet. */
    public boolean concerns(Wish wish) {
        return !hasEnded(wish.runId()) || (wish.wish().action() == OperatorWish.Action.RETRY && isParked(wish.runId()));
    }

    /** Number of the next wish. */
    public long nextWish() {
        return wishes.stream().mapToLong(w -> w.wish().number()).max().orElse(0) + 1;
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
                    ? new StudyHistory(submitted.at(), submitted.plan(), List.of(), null, List.of())
                    : new StudyHistory(
                            before.submittedAt, submitted.plan(), before.ended, before.finishedAt, before.wishes);
        }
        if (before == null) {
            throw new IllegalStateException("a study's journal begins with its plan, not with " + event);
        }
        if (event instanceof StudyEvent.RunEnded end) {
            List<StudyEvent.RunEnded> grown = new ArrayList<>(before.ended);
            grown.add(end);
            return before.with(grown, before.finishedAt);
        }
        if (event instanceof StudyEvent.RunReopened reopened) {
            List<StudyEvent.RunEnded> left = before.ended.stream()
                    .filter(e -> !e.runId().equals(reopened.runId()))
                    .toList();
            return before.with(left, null);
        }
        if (event instanceof StudyEvent.Operated operated) {
            return before.wished(operated);
        }
        return before.with(before.ended, event.at());
    }

    private StudyHistory with(List<StudyEvent.RunEnded> newEnded, @Nullable Instant newEnd) {
        return new StudyHistory(submittedAt, plan, newEnded, newEnd, wishes);
    }

    private StudyHistory wished(StudyEvent.Operated operated) {
        List<Wish> newest = new ArrayList<>(wishes);
        newest.removeIf(known -> operated.runs().contains(known.runId()));
        operated.runs().forEach(run -> newest.add(new Wish(run, operated.wish())));
        return new StudyHistory(submittedAt, plan, ended, finishedAt, newest);
    }
}

package org.isofleet.protocol.run;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.isofleet.protocol.study.PlannedRun;
import org.isofleet.protocol.study.RunId;
import org.isofleet.protocol.study.StudyPlan;
import org.isofleet.protocol.wire.JournalRecord;
import org.jspecify.annotations.Nullable;

/**
 * A study as its events made it; also the snapshot in the journal.
 *
 * @param submittedAt when it was first submitted
 * @param plan the study
 * @param ended runs that are done, parked or stopped, in that order
 * @param adapted what it decided itself, in that order
 * @param finishedAt when the last one ended
 * @param wishes what operators want, the newest of each run
 */
public record StudyHistory(
        Instant submittedAt,
        StudyPlan plan,
        List<StudyEvent.RunEnded> ended,
        List<StudyEvent.StudyAdapted> adapted,
        @Nullable Instant finishedAt,
        List<Wish> wishes)
        implements JournalRecord {
    /** What is wanted of a run. */
    public record Wish(RunId runId, OperatorWish wish) {}

    /** {@code adapted} and {@code wishes} are null in snapshots from before there were any. */
    public StudyHistory(
            Instant submittedAt,
            StudyPlan plan,
            List<StudyEvent.RunEnded> ended,
            @Nullable List<StudyEvent.StudyAdapted> adapted,
            @Nullable Instant finishedAt,
            @Nullable List<Wish> wishes) {
        this.submittedAt = submittedAt;
        this.plan = plan;
        this.ended = List.copyOf(ended);
        this.adapted = adapted == null ? List.of() : List.copyOf(adapted);
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

    /** Whether a run is done, parked or stopped. */
    public boolean hasEnded(RunId runId) {
        return ended.stream().anyMatch(e -> e.runId().equals(runId));
    }

    /** Runs that ended in a way. */
    public int count(RunOutcome outcome) {
        return (int) ended.stream().filter(e -> e.outcome() == outcome).count();
    }

    /** The runs of the plan and those that were added, in that order. */
    public List<PlannedRun> runs() {
        if (adapted.isEmpty()) {
            return plan.runs();
        }
        Map<RunId, PlannedRun> known =
                plan.everyRun().collect(Collectors.toMap(run -> run.spec().id(), Function.identity()));
        List<PlannedRun> runs = new ArrayList<>(plan.runs());
        for (StudyEvent.StudyAdapted adaptation : adapted) {
            adaptation.added().stream()
                    .flatMap(id -> Optional.ofNullable(known.get(id)).stream())
                    .forEach(runs::add);
        }
        return runs;
    }

    /** Why a run is not trained any further; empty when it is. */
    public Optional<String> stopped(RunId runId) {
        return adapted.stream()
                .filter(adaptation -> adaptation.stopped().contains(runId))
                .map(StudyEvent.StudyAdapted::reason)
                .findFirst();
    }

    /** What the study asks of its runs, in order. */
    public List<RunOrder> orders() {
        List<PlannedRun> runs = runs();
        List<RunOrder> orders = new ArrayList<>();
        for (int i = 0; i < runs.size(); i++) {
            orders.add(new RunOrder(plan.studyId(), i, runs.get(i).spec(), plan.evaluation(), plan.policy()));
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
                    ? new StudyHistory(submitted.at(), submitted.plan(), List.of(), List.of(), null, List.of())
                    : new StudyHistory(
                            before.submittedAt,
                            submitted.plan(),
                            before.ended,
                            before.adapted,
                            before.finishedAt,
                            before.wishes);
        }
        if (before == null) {
            throw new IllegalStateException("a study's journal begins with its plan, not with " + event);
        }
        if (event instanceof StudyEvent.RunEnded end) {
            return before.with(plus(before.ended, end), before.finishedAt);
        }
        if (event instanceof StudyEvent.RunReopened reopened) {
            List<StudyEvent.RunEnded> left = before.ended.stream()
                    .filter(e -> !e.runId().equals(reopened.runId()))
                    .toList();
            return before.with(left, null);
        }
        if (event instanceof StudyEvent.StudyAdapted adaptation) {
            return new StudyHistory(
                    before.submittedAt,
                    before.plan,
                    before.ended,
                    plus(before.adapted, adaptation),
                    before.finishedAt,
                    before.wishes);
        }
        if (event instanceof StudyEvent.Operated operated) {
            return before.wished(operated);
        }
        return before.with(before.ended, event.at());
    }

    private StudyHistory with(List<StudyEvent.RunEnded> newEnded, @Nullable Instant newEnd) {
        return new StudyHistory(submittedAt, plan, newEnded, adapted, newEnd, wishes);
    }

    private StudyHistory wished(StudyEvent.Operated operated) {
        List<Wish> newest = new ArrayList<>(wishes);
        newest.removeIf(known -> operated.runs().contains(known.runId()));
        operated.runs().forEach(run -> newest.add(new Wish(run, operated.wish())));
        return new StudyHistory(submittedAt, plan, ended, adapted, finishedAt, newest);
    }

    private static <T> List<T> plus(List<T> before, T one) {
        List<T> grown = new ArrayList<>(before);
        grown.add(one);
        return grown;
    }
}

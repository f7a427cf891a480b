package org.isofleet.coordinator.study;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.isofleet.metrics.live.LiveEvent;
import org.isofleet.protocol.run.OperatorWish;
import org.isofleet.protocol.run.RunOrder;
import org.isofleet.protocol.run.RunOutcome;
import org.isofleet.protocol.run.StudyEvent;
import org.isofleet.protocol.run.StudyHistory;
import org.isofleet.protocol.run.StudyOutcome;
import org.isofleet.protocol.study.RunId;
import org.isofleet.protocol.study.StudyPlan;
import org.jspecify.annotations.Nullable;

/**
 * All that a study decides. It orders its runs again and again until each has said how it ended, so neither an order nor an answer
 * can be lost for good, and a run that sleeps in the journal is woken by its order. After a restart runs that have ended are woken
 * once too, to show their results to those who watch. What a study that adapts itself decides when a run ends, {@link AdaptiveStudy}, is
 * persisted together with that end, so a restart goes on with the same decisions.
 */
public final class StudyDecider {
    /** Between two orders of a run that has not ended. */
    static final Duration ORDER_EVERY = Duration.ofSeconds(5);

    private StudyDecider() {}

    /**
     * Decides about one input. Before a plan was submitted everything else changes nothing.
     *
     * @param history what the journal keeps; null before the plan
     */
    public static StudyDecision decide(@Nullable StudyHistory history, StudyInput input, Instant now) {
        StudyHistory before = history;
        List<StudyEvent> events = new ArrayList<>();
        List<StudyEffect> effects = new ArrayList<>();
        if (input instanceof StudyInput.Submitted submitted && isNews(before, submitted.plan())) {
            events.add(new StudyEvent.StudySubmitted(now, submitted.plan()));
            before = StudyHistory.after(before, events.get(0));
            showStart(before, effects);
            orders(before, false, effects);
        } else if (before == null) {
            return new StudyDecision(null, events, effects, null);
        } else if (input instanceof StudyInput.Recovered) {
            showStart(before, effects);
            orders(before, true, effects);
            showEnd(before, effects);
            if (before.finishedAt() == null
                    && before.ended().size() == before.runs().size()) {
                before = conclude(before, now, events, effects);
            }
        } else if (input instanceof StudyInput.Shown) {
            showStart(before, effects);
            before.orders().forEach(order -> effects.add(new StudyEffect.Show(order.runId())));
            showEnd(before, effects);
        } else if (input instanceof StudyInput.RunEnded ended) {
            before = ended(before, ended, now, events, effects);
        } else if (input instanceof StudyInput.RunReopened reopened) {
            if (before.hasEnded(reopened.runId())) {
                events.add(new StudyEvent.RunReopened(now, reopened.runId()));
                before = StudyHistory.after(before, events.get(0));
            }
        } else if (input instanceof StudyInput.Operated operated) {
            before = operated(before, operated, now, events, effects);
        } else if (input instanceof StudyInput.Woke) {
            orders(before, false, effects);
        }
        Instant wakeAt = before.finishedAt() == null ? now.plus(ORDER_EVERY) : null;
        return new StudyDecision(before, events, effects, wakeAt);
    }

    /** Runs and metrics are in the study's id; where the images lie, staffing and retries may be others than when it was stopped. */
    private static boolean isNews(@Nullable StudyHistory before, StudyPlan plan) {
        return before == null || (before.finishedAt() == null && !before.plan().equals(plan));
    }

    private static void showStart(StudyHistory history, List<StudyEffect> effects) {
        effects.add(new StudyEffect.Publish(new LiveEvent.StudyStarted(history.submittedAt(), history.plan())));
        history.adapted().forEach(adaptation -> effects.add(new StudyEffect.Publish(shown(adaptation))));
    }

    private static void showEnd(StudyHistory history, List<StudyEffect> effects) {
        if (history.finishedAt() != null) {
            effects.add(new StudyEffect.Publish(finished(history, history.finishedAt())));
        }
    }

    private static void orders(StudyHistory history, boolean all, List<StudyEffect> effects) {
        history.orders().stream()
                .filter(order -> all || !history.hasEnded(order.runId()))
                .map(order -> orderOrStop(history, order))
                .forEach(effects::add);
        history.wishes().stream()
                .filter(wish -> all || history.concerns(wish))
                .map(wish -> new StudyEffect.Operate(wish.runId(), wish.wish()))
                .forEach(effects::add);
    }

    /** Runs that have ended can be tried again, others paused, resumed and cancelled. */
    private static StudyHistory operated(
            StudyHistory before,
            StudyInput.Operated operated,
            Instant now,
            List<StudyEvent> events,
            List<StudyEffect> effects) {
        boolean retried = operated.action() == OperatorWish.Action.RETRY;
        List<RunId> concerned = before.runs().stream()
                .map(planned -> planned.spec().id())
                .filter(id -> operated.runId() == null || operated.runId().equals(id))
                .filter(id -> retried ? before.isParked(id) : !before.hasEnded(id))
                .toList();
        if (before.finishedAt() != null || concerned.isEmpty()) {
            return before;
        }
        OperatorWish wish = new OperatorWish(before.nextWish(), operated.action(), operated.by());
        events.add(new StudyEvent.Operated(now, wish, concerned, operated.runId() == null));
        effects.add(new StudyEffect.Publish(new LiveEvent.Operated(
                now, operated.runId(), operated.action().done(), operated.by(), concerned.size())));
        StudyHistory after = StudyHistory.after(before, events.get(0));
        after.orders().stream()
                .filter(order -> concerned.contains(order.runId()))
                .forEach(order -> {
                    effects.add(new StudyEffect.Order(order)); // a run may not have been ordered yet
                    effects.add(new StudyEffect.Operate(order.runId(), wish));
                });
        return after;
    }

    private static StudyEffect orderOrStop(StudyHistory history, RunOrder order) {
        return history.stopped(order.runId())
                .<StudyEffect>map(reason -> new StudyEffect.Stop(order, reason))
                .orElseGet(() -> new StudyEffect.Order(order));
    }

    private static StudyHistory ended(
            StudyHistory before,
            StudyInput.RunEnded ended,
            Instant now,
            List<StudyEvent> events,
            List<StudyEffect> effects) {
        RunId runId = ended.runId();
        boolean planned = before.runs().stream().anyMatch(r -> r.spec().id().equals(runId));
        if (!planned || before.hasEnded(runId)) {
            return before;
        }
        StudyEvent end =
                new StudyEvent.RunEnded(now, runId, ended.outcome(), ended.reason(), ended.loss(), ended.steps());
        events.add(end);
        return conclude(StudyHistory.after(before, end), now, events, effects);
    }

    /** What follows from the runs that have ended. */
    private static StudyHistory conclude(
            StudyHistory before, Instant now, List<StudyEvent> events, List<StudyEffect> effects) {
        StudyHistory after = adapt(before, now, events, effects);
        if (after.ended().size() == after.runs().size()) {
            StudyEvent finish = new StudyEvent.StudyFinished(now);
            events.add(finish);
            after = StudyHistory.after(after, finish);
            effects.add(new StudyEffect.Publish(finished(after, now)));
        }
        return after;
    }

    private static StudyHistory adapt(
            StudyHistory before, Instant now, List<StudyEvent> events, List<StudyEffect> effects) {
        StudyHistory after = before;
        List<StudyEvent.StudyAdapted> adaptations = AdaptiveStudy.decide(before, now);
        for (StudyEvent.StudyAdapted adaptation : adaptations) {
            events.add(adaptation);
            after = StudyHistory.after(after, adaptation);
            effects.add(new StudyEffect.Publish(shown(adaptation)));
        }
        if (!adaptations.isEmpty()) {
            orders(after, false, effects);
        }
        return after;
    }

    private static LiveEvent shown(StudyEvent.StudyAdapted adaptation) {
        return new LiveEvent.StudyAdapted(
                adaptation.at(),
                adaptation.resolution(),
                adaptation.added(),
                adaptation.stopped(),
                adaptation.reason());
    }

    private static LiveEvent finished(StudyHistory history, Instant at) {
        return new LiveEvent.StudyFinished(
                at, history.count(RunOutcome.DONE), history.count(RunOutcome.PARKED), seconds(history, at));
    }

    private static double seconds(StudyHistory history, Instant at) {
        return Duration.between(history.submittedAt(), at).toMillis() / 1e3;
    }

    /** How a study ended; null while it has not. */
    public static @Nullable StudyOutcome outcome(@Nullable StudyHistory history) {
        if (history == null || history.finishedAt() == null) {
            return null;
        }
        List<StudyOutcome.Run> runs = history.runs().stream()
                .map(planned -> planned.spec().id())
                .flatMap(id -> history.ended().stream()
                        .filter(e -> e.runId().equals(id))
                        .flatMap(e -> Stream.of(new StudyOutcome.Run(id, e.outcome(), e.reason()))))
                .toList();
        return new StudyOutcome(history.plan().studyId(), runs, seconds(history, history.finishedAt()));
    }
}

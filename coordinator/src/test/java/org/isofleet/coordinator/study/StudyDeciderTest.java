package org.isofleet.coordinator.study;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.isofleet.coordinator.TestPlans;
import org.isofleet.metrics.live.LiveEvent;
import org.isofleet.protocol.run.RunOutcome;
import org.isofleet.protocol.run.StudyEvent;
import org.isofleet.protocol.run.StudyHistory;
import org.isofleet.protocol.run.StudyOutcome;
import org.isofleet.protocol.study.RunId;
import org.isofleet.protocol.study.StudyPlan;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A study of two runs, {@code first} and {@code second}, in the text of decisions 0 and 1. */
class StudyDeciderTest {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final StudyPlan PLAN = TestPlans.study(2, 10, TestPlans.policy(1, 1, Duration.ofSeconds(1)));
    private static final RunId FIRST = PLAN.runs().get(0).spec().id();
    private static final RunId SECOND = PLAN.runs().get(1).spec().id();
    private static final StudyInput SUBMITTED = new StudyInput.Submitted(PLAN);
    private static final StudyInput OTHERWISE = new StudyInput.Submitted(PLAN.withChoices(List.of("policy: another")));
    private static final StudyInput RECOVERED = new StudyInput.Recovered();
    private static final StudyInput WOKE = new StudyInput.Woke();

    static Stream<Arguments> rules() {
        return Stream.of(
                row("nobody submitted it", null, WOKE, false),
                row("recovered without a journal", null, RECOVERED, false),
                row("a run of no study ends", null, done(FIRST), false),
                row("submitted", null, SUBMITTED, true, "submitted", "shown: started", "order 0", "order 1"),
                row("submitted twice", submitted(), SUBMITTED, true),
                row(
                        "submitted again with another policy: who has not ended is ordered anew",
                        after(submitted(), done(FIRST)),
                        OTHERWISE,
                        true,
                        "submitted",
                        "shown: started",
                        "order 1"),
                row("finished, and submitted otherwise", finished(), OTHERWISE, false),
                row("every five seconds", submitted(), WOKE, true, "order 0", "order 1"),
                row("a run has ended", submitted(), done(FIRST), true, "ended 0 DONE"),
                row("told twice", after(submitted(), done(FIRST)), done(FIRST), true),
                row("told otherwise", after(submitted(), done(FIRST)), parked(FIRST), true),
                row("a run of another study", submitted(), done(new RunId("0123456789abcdef")), true),
                row("who has ended is not ordered again", after(submitted(), done(FIRST)), WOKE, true, "order 1"),
                row(
                        "a restart wakes those that have ended, too",
                        after(submitted(), done(FIRST)),
                        RECOVERED,
                        true,
                        "shown: started",
                        "order 0",
                        "order 1"),
                row(
                        "the last run",
                        after(submitted(), done(FIRST)),
                        parked(SECOND),
                        false,
                        "ended 1 PARKED",
                        "finished",
                        "shown: finished 1 done 1 parked after 60.0 s"),
                row("finished, and woken", finished(), WOKE, false),
                row("a run that was done goes on", finished(), new StudyInput.RunReopened(FIRST), true, "reopened 0"),
                row("and is ordered", after(finished(), new StudyInput.RunReopened(FIRST)), WOKE, true, "order 0"),
                row("one that goes on anyway", submitted(), new StudyInput.RunReopened(FIRST), true),
                row(
                        "and ends once more",
                        after(finished(), new StudyInput.RunReopened(FIRST)),
                        done(FIRST),
                        false,
                        "ended 0 DONE",
                        "finished",
                        "shown: finished 1 done 1 parked after 60.0 s"),
                row("a run that is stopped is told so again and again", stopped(), WOKE, true, "stop 0", "order 1"),
                row("and ends", stopped(), end(FIRST, RunOutcome.STOPPED), true, "ended 0 STOPPED"),
                row("or was quicker", stopped(), done(FIRST), true, "ended 0 DONE"),
                row(
                        "a restart of a study that stopped a run",
                        stopped(),
                        RECOVERED,
                        true,
                        "shown: started",
                        "shown: adapted",
                        "stop 0",
                        "order 1"),
                row(
                        "stopped runs are neither done nor parked",
                        after(stopped(), end(FIRST, RunOutcome.STOPPED)),
                        done(SECOND),
                        false,
                        "ended 1 DONE",
                        "finished",
                        "shown: finished 1 done 0 parked after 60.0 s"),
                row(
                        "finished, and a restart",
                        finished(),
                        RECOVERED,
                        false,
                        "shown: started",
                        "order 0",
                        "order 1",
                        "shown: finished 1 done 1 parked after 0.0 s"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("rules")
    void rule_holds(
            String rule, @Nullable StudyHistory history, StudyInput input, boolean wakes, List<String> outcome) {
        Instant now = START.plusSeconds(60);
        StudyDecision decision = StudyDecider.decide(history, input, now);
        assertThat(Stream.concat(
                        decision.events().stream().map(StudyDeciderTest::text),
                        decision.effects().stream().map(StudyDeciderTest::text)))
                .isEqualTo(outcome);
        assertThat(decision.wakeAt()).isEqualTo(wakes ? now.plusSeconds(5) : null);
        StudyHistory replayed = history;
        for (StudyEvent event : decision.events()) {
            replayed = StudyHistory.after(replayed, event);
        }
        assertThat(decision.next()).isEqualTo(replayed);
    }

    @Test
    void outcome_isInTheOrderOfThePlan() {
        assertThat(StudyDecider.outcome(null)).isNull();
        assertThat(StudyDecider.outcome(submitted())).isNull();
        StudyHistory reversed = after(after(submitted(), parked(SECOND)), done(FIRST));
        StudyOutcome outcome = Objects.requireNonNull(StudyDecider.outcome(reversed));
        assertThat(outcome.runs())
                .containsExactly(
                        new StudyOutcome.Run(FIRST, RunOutcome.DONE, null),
                        new StudyOutcome.Run(SECOND, RunOutcome.PARKED, "failed"));
        assertThat(outcome.count(RunOutcome.DONE)).isEqualTo(1);
        assertThat(outcome.studyId()).isEqualTo(PLAN.studyId());
    }

    @Test
    void orders_tellEachRunItsPlace() {
        assertThat(StudyDecider.decide(null, SUBMITTED, START).effects().stream()
                        .filter(StudyEffect.Order.class::isInstance)
                        .map(effect -> ((StudyEffect.Order) effect).order()))
                .satisfiesExactly(
                        first -> {
                            assertThat(first.runId()).isEqualTo(FIRST);
                            assertThat(first.position()).isZero();
                            assertThat(first.studyId()).isEqualTo(PLAN.studyId());
                        },
                        second -> {
                            assertThat(second.runId()).isEqualTo(SECOND);
                            assertThat(second.position()).isEqualTo(1);
                        });
    }

    private static Arguments row(
            String rule, @Nullable StudyHistory history, StudyInput input, boolean wakes, String... outcome) {
        return Arguments.of(rule, history, input, wakes, List.of(outcome));
    }

    private static StudyHistory submitted() {
        return after(null, SUBMITTED);
    }

    private static StudyHistory stopped() {
        return StudyHistory.after(
                submitted(), new StudyEvent.StudyAdapted(START, 16, List.of(), List.of(FIRST), "it tells nothing"));
    }

    private static StudyInput end(RunId runId, RunOutcome outcome) {
        return new StudyInput.RunEnded(runId, outcome, null, null, 5);
    }

    private static StudyHistory finished() {
        return after(after(submitted(), done(FIRST)), parked(SECOND));
    }

    private static StudyHistory after(@Nullable StudyHistory history, StudyInput input) {
        return Objects.requireNonNull(StudyDecider.decide(history, input, START).next());
    }

    private static StudyInput done(RunId runId) {
        return new StudyInput.RunEnded(runId, RunOutcome.DONE, null, 3.5, 10);
    }

    private static StudyInput parked(RunId runId) {
        return new StudyInput.RunEnded(runId, RunOutcome.PARKED, "failed", null, 0);
    }

    private static String text(StudyEvent event) {
        if (event instanceof StudyEvent.RunEnded ended) {
            return "ended %d %s".formatted(ended.runId().equals(FIRST) ? 0 : 1, ended.outcome());
        }
        if (event instanceof StudyEvent.RunReopened reopened) {
            return "reopened %d".formatted(reopened.runId().equals(FIRST) ? 0 : 1);
        }
        return event instanceof StudyEvent.StudySubmitted ? "submitted" : "finished";
    }

    private static String text(StudyEffect effect) {
        if (effect instanceof StudyEffect.Order order) {
            return "order " + order.order().position();
        }
        if (effect instanceof StudyEffect.Stop stop) {
            return "stop " + stop.order().position();
        }
        LiveEvent event = ((StudyEffect.Publish) effect).event();
        return event instanceof LiveEvent.StudyFinished finished
                ? "shown: finished %d done %d parked after %s s"
                        .formatted(finished.done(), finished.parked(), finished.seconds())
                : event instanceof LiveEvent.StudyAdapted ? "shown: adapted" : "shown: started";
    }
}

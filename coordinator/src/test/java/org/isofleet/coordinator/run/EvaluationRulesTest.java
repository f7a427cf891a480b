package org.isofleet.coordinator.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.isofleet.coordinator.run.RunRow.row;
import static org.isofleet.protocol.study.EvaluationKind.HELD_OUT_LOSS;
import static org.isofleet.protocol.study.EvaluationKind.LINEAR_PROBE;

import java.util.List;
import java.util.stream.Stream;
import org.isofleet.protocol.group.RunReport;
import org.isofleet.protocol.metric.EvaluationResult;
import org.isofleet.protocol.run.RunNeed;
import org.isofleet.protocol.study.EvaluationKind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class EvaluationRulesTest {
    static Stream<RunRow> assigning() {
        return Stream.of(
                row("nobody there", RunStory.trained(HELD_OUT_LOSS).staffed(), "evaluating"),
                row("a worker is given", assigned(), "evaluating", "assigned loss w0", "w0 <- measure loss"),
                row(
                        "two metrics, two workers",
                        RunStory.trained(HELD_OUT_LOSS, LINEAR_PROBE)
                                .evaluator(HELD_OUT_LOSS, "w0", null)
                                .evaluator(LINEAR_PROBE, "w1", null)
                                .staffed(),
                        "evaluating",
                        "assigned loss w0",
                        "assigned probe w1",
                        "w0 <- measure loss",
                        "w1 <- measure probe"),
                row(
                        "no metric before training has ended",
                        RunStory.training(HELD_OUT_LOSS)
                                .evaluator(HELD_OUT_LOSS, "w2", null)
                                .staffed(),
                        "training [w0, w1] until +30s"),
                row("too early to ask again", assigned().later(3.9).woken(), "evaluating"),
                row(
                        "asked again while it does nothing",
                        assigned().later(4).woken(),
                        "evaluating",
                        "w0 <- measure loss"),
                row(
                        "asked again, then left in peace",
                        assigned().later(4).woken().later(3).woken(),
                        "evaluating"),
                row(
                        "a busy worker is left in peace",
                        assigned()
                                .evaluator(HELD_OUT_LOSS, "w0", HELD_OUT_LOSS)
                                .staffed()
                                .later(100)
                                .woken(),
                        "evaluating"),
                row(
                        "after a restart a worker that does nothing is asked at once",
                        assigned().restarted().staffed(),
                        "evaluating",
                        "w0 <- measure loss"));
    }

    static Stream<RunRow> losing() {
        return Stream.of(
                row("gone, within the grace", assigned().later(7).leaves("w0").staffed(), "evaluating"),
                row(
                        "gone",
                        assigned().later(8).leaves("w0").staffed(),
                        "evaluating",
                        "loss worker lost, again +0s",
                        "warned"),
                row(
                        "another was given",
                        assigned().evaluator(HELD_OUT_LOSS, "w1", null).staffed(),
                        "evaluating",
                        "loss worker lost, again +0s",
                        "warned"),
                row(
                        "another is asked when placement knows of the loss",
                        assigned()
                                .evaluator(HELD_OUT_LOSS, "w1", null)
                                .staffed()
                                .staffed(),
                        "evaluating",
                        "assigned loss w1",
                        "w1 <- measure loss"),
                row("eleven lost workers", lostWorkers(11), "evaluating", "loss worker lost, again +0s", "warned"),
                row(
                        "a twelfth",
                        lostWorkers(12),
                        "settled",
                        "loss worker lost, again +0s",
                        "loss given up",
                        "settled DONE",
                        "warned",
                        "warned",
                        "study <- DONE"));
    }

    static Stream<RunRow> failing() {
        return Stream.of(
                row("first failure", failed(1), "evaluating", "loss failed, again +1s", "warned"),
                row("the same, told twice", failure(failed(1), "w0"), "evaluating"),
                row("not before its time", failed(1).later(0.9).staffed(), "evaluating"),
                row(
                        "tried again",
                        failed(1).later(1).staffed(),
                        "evaluating",
                        "assigned loss w0",
                        "w0 <- measure loss"),
                row("second failure", failed(2), "evaluating", "loss failed, again +2s", "warned"),
                row(
                        "third failure",
                        failed(3),
                        "settled",
                        "loss failed, again +4s",
                        "loss given up",
                        "settled DONE",
                        "warned",
                        "warned",
                        "study <- DONE"),
                row("a failure of somebody else", failure(assigned(), "w1"), "evaluating"),
                row("a failure at another checkpoint", failure(assigned(), "w0", 99), "evaluating"));
    }

    static Stream<RunRow> recording() {
        RunStory two = RunStory.trained(HELD_OUT_LOSS, LINEAR_PROBE);
        return Stream.of(
                row("not the last metric", result(two, 100, loss(3)), "evaluating", "loss recorded"),
                row(
                        "the last metric",
                        result(assigned(), 100, loss(3)),
                        "settled",
                        "loss recorded",
                        "settled DONE",
                        "study <- DONE"),
                row("at another checkpoint", result(assigned(), 99, loss(3)), "evaluating"),
                row(
                        "before training has ended",
                        result(RunStory.training(HELD_OUT_LOSS), 100, loss(3)),
                        "training [w0, w1] until +30s"),
                row(
                        "a metric that nobody asked for",
                        result(RunStory.trained(LINEAR_PROBE), 100, loss(3)),
                        "evaluating"),
                row("told twice", result(result(assigned(), 100, loss(3)), 100, loss(3)), "settled"),
                row("another value", result(result(assigned(), 100, loss(3)), 100, loss(4)), "settled", "warned"),
                row("given up, and the run has ended", result(failed(3), 100, loss(3)), "settled"),
                row(
                        "a failure when there is a result",
                        failure(result(RunStory.trained(HELD_OUT_LOSS, LINEAR_PROBE), 100, loss(3)), "w0"),
                        "evaluating"));
    }

    @ParameterizedTest
    @MethodSource({"assigning", "losing", "failing", "recording"})
    void rule_holds(RunRow row) {
        row.check();
    }

    @Test
    void metricGivenUp_isNamedInTheOutcome() {
        assertThat(failed(3).history().settled())
                .satisfies(end -> assertThat(end.reason()).isEqualTo("HELD_OUT_LOSS was given up: no memory"));
        assertThat(result(assigned(), 100, loss(3)).history().settled())
                .satisfies(end -> assertThat(end.reason()).isNull());
    }

    @Test
    void placement_isToldWhatIsDueAndWhoHasIt() {
        RunStory story = RunStory.trained(HELD_OUT_LOSS, LINEAR_PROBE);
        assertThat(need(story)).isEqualTo("0 workers, has [], measures [loss, probe]");
        story.evaluator(LINEAR_PROBE, "w0", null).staffed();
        assertThat(need(story)).isEqualTo("0 workers, has [], measures [loss, probe by w0]");
        failure(story, "w0", LINEAR_PROBE, 100);
        assertThat(need(story)).isEqualTo("0 workers, has [], measures [loss]");
        result(story.later(1), 100, loss(3));
        assertThat(need(story)).isEqualTo("0 workers, has [], measures [probe]");
    }

    private static String need(RunStory story) {
        List<RunNeed> needs = story.last().effects().stream()
                .filter(RunEffect.Need.class::isInstance)
                .map(effect -> ((RunEffect.Need) effect).need())
                .toList();
        return DecisionText.of(needs.get(0));
    }

    private static RunStory assigned() {
        return RunStory.trained(HELD_OUT_LOSS)
                .evaluator(HELD_OUT_LOSS, "w0", null)
                .staffed();
    }

    private static RunStory lostWorkers(int count) {
        RunStory story = assigned();
        for (int i = 1; i < count; i++) {
            story.evaluator(HELD_OUT_LOSS, "x" + i, null).staffed().staffed();
        }
        return story.evaluator(HELD_OUT_LOSS, "last", null).staffed();
    }

    private static RunStory failed(int times) {
        RunStory story = assigned();
        for (int i = 1; i < times; i++) {
            failure(story, "w0").later(10).staffed();
        }
        return failure(story, "w0");
    }

    private static RunStory failure(RunStory story, String worker) {
        return failure(story, worker, 100);
    }

    private static RunStory failure(RunStory story, String worker, long step) {
        return failure(story, worker, HELD_OUT_LOSS, step);
    }

    private static RunStory failure(RunStory story, String worker, EvaluationKind kind, long step) {
        String digest = story.checkpoint(step).digest();
        return story.reported(
                worker, 1, new RunReport.EvaluationFailed(story.runId(), worker, digest, kind, "no memory"));
    }

    private static RunStory result(RunStory story, long step, EvaluationResult result) {
        String digest = story.checkpoint(step).digest();
        return story.reported("w0", 1, new RunReport.EvaluationFinished(story.runId(), "w0", digest, result, 1));
    }

    private static EvaluationResult loss(double nats) {
        return new EvaluationResult.HeldOutLoss("test", nats, 1, 0.1, 10);
    }
}

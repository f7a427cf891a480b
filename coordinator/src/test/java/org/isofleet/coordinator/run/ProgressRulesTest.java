package org.isofleet.coordinator.run;

import static org.assertj.core.api.Assertions.assertThat;

import org.isofleet.protocol.study.EvaluationKind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The default pace: no step in 20 times the usual, at least two minutes; half an hour for the first. */
class ProgressRulesTest {
    @ParameterizedTest
    @CsvSource({"0.5, 120", "6, 120", "7, 140", "60, 1200"})
    void group_thatMakesNoStep_isFormedAnewAfterManyTimesItsUsual(double stepSeconds, double limit) {
        RunStory story = stepping(stepSeconds, 9).later(limit - 0.1).staffed();
        assertThat(story.outcome()).isEmpty();
        assertThat(story.later(0.1).staffed().outcome())
                .containsSubsequence(
                        "begun 2 [w0, w1] STALLED reached 9",
                        "warned",
                        "w0 <- stacks 1",
                        "w1 <- stacks 1",
                        "w0 <- prepare 2 [w0, w1]");
    }

    @Test
    void group_thatHasMadeNoStepYet_hasHalfAnHour() {
        RunStory story = RunStory.training().later(1799).staffed();
        assertThat(story.outcome()).isEmpty();
        assertThat(story.later(1).staffed().outcome()).contains("begun 2 [w0, w1] STALLED reached 0");
    }

    @Test
    void memberThatIsAlone_isTheOneThatHangs() {
        RunStory story = stepping(1, 10).lost("w0", "w1").leaves("w1").staffed();
        story.prepared("w0").running("w0");
        for (int step = 11; step <= 20; step++) {
            story.later(1).holding("w0", step).staffed();
        }
        assertThat(story.later(120).staffed().phase()).isEqualTo("waiting");
        assertThat(story.later(59.9).woken().phase()).isEqualTo("waiting");
        assertThat(story.later(0.1).woken().outcome()).contains("begun 3 [w0] LOST reached 20");
    }

    @Test
    void silenceOfPlacement_isNoStall() {
        assertThat(stepping(1, 8).later(10_000).woken().outcome()).isEmpty();
        assertThat(stepping(1, 8).later(10_000).holding("w0", 9).staffed().outcome())
                .isEmpty();
    }

    @Test
    void lastStep_mayBeFollowedByALongWrite() {
        assertThat(stepping(1, 100).later(10_000).staffed().outcome()).noneMatch(text -> text.startsWith("begun"));
    }

    @Test
    void metric_thatTakesTooLong_isAFailedAttempt() {
        RunStory story = RunStory.trained(EvaluationKind.HELD_OUT_LOSS)
                .evaluator(EvaluationKind.HELD_OUT_LOSS, "w0", EvaluationKind.HELD_OUT_LOSS)
                .staffed();
        assertThat(story.later(299.9).woken().outcome()).isEmpty();
        assertThat(story.later(0.1).woken().outcome()).containsExactly("loss failed, again +1s", "warned");
    }

    @Test
    void metric_thatEndedWhileTheCoordinatorWasAway_mayBeToldWithinTheGrace() {
        RunStory story = RunStory.trained(EvaluationKind.HELD_OUT_LOSS)
                .evaluator(EvaluationKind.HELD_OUT_LOSS, "w0", EvaluationKind.HELD_OUT_LOSS)
                .staffed();
        story.later(10_000).restarted().staffed();
        assertThat(story.later(7.9).woken().outcome()).isEmpty();
        assertThat(story.later(0.1).woken().outcome()).contains("loss failed, again +1s");
    }

    /** Generation 1 of w0 and w1 has made steps, each of which took the same time. */
    private static RunStory stepping(double stepSeconds, int steps) {
        RunStory story = RunStory.training();
        for (int step = 1; step <= steps; step++) {
            story.later(stepSeconds).holding("w0", step).holding("w1", step).staffed();
        }
        return story;
    }
}

package org.isofleet.coordinator.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.isofleet.protocol.study.EvaluationKind.HELD_OUT_LOSS;

import java.time.Duration;
import java.time.Instant;
import java.util.stream.Stream;
import org.isofleet.protocol.group.RunReport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** When a run wakes for its phase, with nothing else to wake for. */
class RunClockTest {
    static Stream<Arguments> phases() {
        return Stream.of(
                Arguments.of("gathering", RunStory.waiting().seat("w0").staffed(), 1.0),
                Arguments.of("preparing: ask again", RunStory.preparing(), 2.0),
                Arguments.of("preparing: the deadline", RunStory.preparing().later(2.5), 7.5),
                Arguments.of("starting: tell again", RunStory.starting(), 2.0),
                Arguments.of("starting: the deadline", RunStory.starting().later(2.5), 27.5),
                Arguments.of("backing off", RunStory.training().failed("w0"), 1.0),
                Arguments.of("a metric to be tried again", failedMetric(), 2.0),
                Arguments.of(
                        "never sooner than this",
                        RunStory.training().failed("w0").later(0.99),
                        0.05),
                Arguments.of("nothing: look again", RunStory.training().later(100), 1.0));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("phases")
    void wakeUp_isForTheNextDeadline(String phase, RunStory story, double seconds) {
        assertThat(wakesIn(story.state(), Instant.EPOCH, story.now())).isEqualTo(seconds);
    }

    @Test
    void wakeUp_isForTheEndOfDoubtAndOfGrace() {
        RunStory alone = RunStory.training()
                .lost("w0", "w1")
                .prepared("w0")
                .running("w0")
                .later(4);
        assertThat(wakesIn(alone.state(), Instant.EPOCH, alone.now())).isEqualTo(4);
        RunStory waiting = RunStory.waiting();
        assertThat(wakesIn(waiting.state(), waiting.now().plusSeconds(3), waiting.now()))
                .isEqualTo(3);
    }

    /** It has failed twice. */
    private static RunStory failedMetric() {
        RunStory story = RunStory.trained(HELD_OUT_LOSS).evaluator(HELD_OUT_LOSS, "w0", null);
        String digest = story.checkpoint(100).digest();
        for (int i = 0; i < 2; i++) {
            story.later(1).staffed();
            story.reported(
                    "w0", 1, new RunReport.EvaluationFailed(story.runId(), "w0", digest, HELD_OUT_LOSS, "no memory"));
        }
        return story;
    }

    private static double wakesIn(RunState state, Instant grace, Instant now) {
        RunState quiet = new RunState(
                state.history(),
                state.phase(),
                state.staffing(),
                state.suspects(),
                state.setbacks(),
                state.severed(),
                state.unmet(),
                state.progress(),
                state.speeds(),
                state.reachedStep(),
                grace,
                state.quietUntil(),
                state.lastNeed(),
                state.changedNumber(),
                Instant.EPOCH);
        Instant at = RunClock.wakeAt(quiet, now);
        return at == null ? -1 : Duration.between(now, at).toMillis() / 1e3;
    }
}

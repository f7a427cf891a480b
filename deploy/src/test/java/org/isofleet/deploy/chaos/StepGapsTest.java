package org.isofleet.deploy.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class StepGapsTest {
    private static final Trace TRACE = new Trace(
            0,
            List.of(
                    held(100, "a", 1),
                    held(900, "a", 2),
                    held(1_000, "b", 9),
                    held(1_300, "a", 3),
                    held(1_500, "a", 3),
                    held(1_700, "a", 2),
                    held(1_900, "a", 4)));

    @Test
    void longestGap_isBetweenStepsThatAreNew() {
        assertThat(StepGaps.longestSeconds(List.of(TRACE), "a", 950, 2_000)).isEqualTo(0.6);
    }

    @Test
    void gapThatTheSpanCutsOff_counts() {
        assertThat(StepGaps.longestSeconds(List.of(TRACE), "a", 950, 1_200)).isEqualTo(0.3);
        assertThat(StepGaps.longestSeconds(List.of(TRACE), "a", 1_000, 5_000)).isEqualTo(3.1);
    }

    @Test
    void runThatMakesNoStep_standsStillAllTheWhile() {
        assertThat(StepGaps.longestSeconds(List.of(TRACE), "c", 500, 5_000)).isEqualTo(4.5);
    }

    private static Sight held(long atMillis, String run, long step) {
        return new Sight(Sight.Kind.HELD, atMillis, run, 1, step);
    }
}

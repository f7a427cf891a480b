package org.isofleet.deploy.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.isofleet.deploy.chaos.Sight.Kind;
import org.junit.jupiter.api.Test;

class NextGenerationTest {
    private static final Trace TRACE = new Trace(
            1,
            List.of(
                    new Sight(Kind.START, 100, "a", 1, 0),
                    new Sight(Kind.HELD, 200, "a", 1, 7),
                    new Sight(Kind.ASKED, 250, "a", 2, 0),
                    new Sight(Kind.HELD, 260, "a", 1, 8),
                    new Sight(Kind.START, 300, "a", 2, 8),
                    new Sight(Kind.HELD, 310, "a", 2, 8),
                    new Sight(Kind.START, 320, "b", 9, 0),
                    new Sight(Kind.HELD, 330, "b", 9, 1),
                    new Sight(Kind.HELD, 400, "a", 2, 9)));

    @Test
    void placement_showsInTheFirstStepOfALaterGeneration() {
        assertThat(NextGeneration.firstStep(List.of(TRACE), "a", 1))
                .hasValueSatisfying(step -> assertThat(step.atMillis()).isEqualTo(400));
    }

    @Test
    void stepsOfTheSameGeneration_areNone() {
        assertThat(NextGeneration.firstStep(List.of(TRACE), "a", 2)).isEmpty();
    }

    @Test
    void newest_isThatOfTheRun() {
        assertThat(NextGeneration.newest(List.of(TRACE), "a")).isEqualTo(2);
        assertThat(NextGeneration.newest(List.of(TRACE), "c")).isZero();
    }
}

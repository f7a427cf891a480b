package org.isofleet.metrics.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class LossCurveTest {
    @Property(tries = 50)
    void with_anyNumberOfSteps_isBoundedAndKeepsTheMean(@ForAll @IntRange(min = 1, max = 20_000) int steps) {
        LossCurve curve = LossCurve.EMPTY;
        for (int step = 1; step <= steps; step++) {
            curve = curve.with(step, step);
        }

        assertThat(curve.points()).hasSizeBetween(1, LossCurve.MOST_POINTS);
        assertThat(curve.lastStep()).isEqualTo(steps);
        double sum =
                curve.points().stream().mapToDouble(p -> p.loss() * p.steps()).sum();
        assertThat(sum / steps).isCloseTo((steps + 1) / 2.0, within(1e-6 * steps));
        assertThat(curve.points()).isSortedAccordingTo((a, b) -> Long.compare(a.step(), b.step()));
    }

    @Test
    void with_sparseStepsFarApart_isStillBounded() {
        LossCurve curve = LossCurve.EMPTY;
        for (int i = 1; i <= 1000; i++) {
            curve = curve.with(i * 1_000_003L, 1);
        }
        assertThat(curve.points()).hasSizeLessThanOrEqualTo(LossCurve.MOST_POINTS);
    }

    @Test
    void with_aLossThatIsNotFinite_isUnchanged() {
        LossCurve curve = LossCurve.EMPTY.with(1, 5);

        assertThat(curve.with(2, Double.NaN)).isEqualTo(curve);
        assertThat(curve.with(2, Double.POSITIVE_INFINITY)).isEqualTo(curve);
        assertThat(curve.with(1, 4)).isEqualTo(curve);
    }
}

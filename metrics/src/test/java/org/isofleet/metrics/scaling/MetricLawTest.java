package org.isofleet.metrics.scaling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.function.DoubleUnaryOperator;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;

@NullUnmarked // a missing field fails the assertion that reads it
class MetricLawTest {
    private static final double[] LOG_C = Arrays.stream(new double[] {1e12, 2e12, 4e12, 8e12, 1.6e13})
            .map(Math::log)
            .toArray();

    private static final double FAR = Math.log(8e13);

    @Test
    void floor_noiseFreeOptima_comesBackAndStaysAboveItsFloor() {
        DoubleUnaryOperator truth = logC -> 2.5 + 40 * Math.exp(-0.11 * logC);
        double[] metric = Arrays.stream(LOG_C).map(truth).toArray();
        FlooredPower law = FlooredPower.through(LOG_C, metric);
        assertThat(law.e()).isCloseTo(2.5, within(1e-4));
        assertThat(law.g()).isCloseTo(0.11, within(1e-5));
        assertThat(MetricLaw.FLOOR.at(LOG_C, metric, FAR)).isCloseTo(truth.applyAsDouble(FAR), within(1e-6));
        assertThat(MetricLaw.FLOOR.at(LOG_C, metric, 1000)).isBetween(2.499, 2.501);
        assertThat(MetricLaw.AFFINE.at(LOG_C, metric, 1000)).isNegative();
    }

    @Test
    void floor_risingOptima_areAConstant() {
        double[] metric = {3, 3.1, 3.2, 3.3, 3.4};
        assertThat(MetricLaw.FLOOR.at(LOG_C, metric, FAR)).isBetween(3.1, 3.3);
    }

    @Test
    void floor_purePower_hasNone() {
        double[] metric =
                Arrays.stream(LOG_C).map(logC -> 90 * Math.exp(-0.1 * logC)).toArray();
        FlooredPower law = FlooredPower.through(LOG_C, metric);
        assertThat(law.e()).isCloseTo(0, within(1e-6));
        assertThat(MetricLaw.POWER.at(LOG_C, metric, FAR)).isCloseTo(90 * Math.exp(-0.1 * FAR), within(1e-9));
    }

    @Test
    void logistic_accuracyAsShareOrInPercent_staysBelowTheWhole() {
        double[] share = {0.2, 0.25, 0.31, 0.37, 0.44};
        double[] percent = Arrays.stream(share).map(s -> 100 * s).toArray();
        assertThat(MetricLaw.bounded(MetricScale.NEGATED, share)).isEqualTo(MetricLaw.LOGISTIC);
        assertThat(MetricLaw.bounded(MetricScale.NEGATED, percent)).isEqualTo(MetricLaw.LOGISTIC_PERCENT);
        assertThat(MetricLaw.bounded(MetricScale.NEGATED, new double[] {1200, 1300}))
                .isNull();
        double far = Math.log(1e40);
        assertThat(MetricLaw.LOGISTIC.at(LOG_C, share, far)).isBetween(0.99, 1.0);
        assertThat(MetricLaw.LOGISTIC_PERCENT.at(LOG_C, percent, far))
                .isCloseTo(100 * MetricLaw.LOGISTIC.at(LOG_C, share, far), within(1e-9));
        assertThat(MetricLaw.AFFINE.at(LOG_C, share, far)).isGreaterThan(1);
    }

    @Test
    void extrapolation_ofProfiles_tellsBothFormsAndWhich() {
        List<Observation> five = Surfaces.grid(Surfaces.chinchilla(), 1e19, 5, 9, 0.001, 3);
        ScalingFit.Extrapolation far = extrapolated(five);
        double truth = Surfaces.chinchilla().laws(6, 8e20).metricAt();
        assertThat(far.metricForm()).startsWith("E + k C^-g");
        assertThat(far.metric().value()).isCloseTo(truth, within(0.01));
        assertThat(far.metricBesideForm()).startsWith("affine");
        assertThat(far.metricBeside().value()).isLessThan(truth - 0.02);
        assertThat(extrapolated(five.subList(0, 36)).metricForm()).contains("fewer than five budgets");
    }

    private static ScalingFit.Extrapolation extrapolated(List<Observation> points) {
        return Fits.fit(FitRequest.of(points, FitMethod.LOCAL_PARABOLA, MetricDirection.MINIMISE)
                        .withExtrapolation(8e20))
                .extrapolated();
    }
}

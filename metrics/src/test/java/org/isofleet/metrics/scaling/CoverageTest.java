package org.isofleet.metrics.scaling;

import static org.assertj.core.api.Assertions.assertThat;

import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Whether intervals hold what they say, over simulated studies. {@code ./mvnw -pl metrics -am test -Dtest=CoverageTest -Dstudies=500
 * -Dsurefire.failIfNoSpecifiedTests=false} takes as many as it takes to tell 92 from 95 %; the few of every build would show intervals that are off by a
 * third. With fewer studies the range that is asked for is wider, by three standard errors of a share.
 */
@NullUnmarked // a missing field fails the assertion that reads it
class CoverageTest {
    private static final int STUDIES = Integer.getInteger("studies", 80);
    private static final double LEVEL = 0.95;
    private static final double TOLERANCE = Math.max(0.03, 3 * Math.sqrt(LEVEL * (1 - LEVEL) / STUDIES));

    private static final double OFF_CENTRE = 0.7;
    private static final double FAR = 5 * 1.6e13;

    private int fits;
    private int exponents;
    private int sizes;
    private int metrics;
    private int withFloor;
    private double squares;

    @ParameterizedTest
    @CsvSource({"VPNLS,true", "VPNLS,false", "LOCAL_PARABOLA,true", "LOCAL_PARABOLA,false"})
    void intervals_ofTheMethodsOfOwnStudies_holdTheTruthAsOftenAsTheySay(FitMethod method, boolean seeds) {
        run(method, seeds);
        System.out.printf(
                "%s, %s: %d fits, exponent %.3f, N %.3f, metric %.3f of %d, rms error %.4f%n",
                method,
                seeds ? "with repeats" : "one run a cell",
                fits,
                share(exponents, fits),
                share(sizes, fits),
                share(metrics, withFloor),
                withFloor,
                Math.sqrt(squares / fits));
        assertThat(fits).isGreaterThan(9 * STUDIES / 10);
        assertThat(share(exponents, fits)).as("exponent of N").isBetween(LEVEL - TOLERANCE, least(LEVEL + TOLERANCE));
        assertThat(share(sizes, fits))
                .as("N at five times the budget")
                .isBetween(LEVEL - TOLERANCE, least(LEVEL + TOLERANCE));
        assertThat(share(metrics, withFloor))
                .as("loss at five times the budget")
                .isBetween(LEVEL - TOLERANCE, least(LEVEL + TOLERANCE));
    }

    @Test
    void errors_onOffCentreGrids_areBelowThoseOfThePlainParabola() {
        run(FitMethod.PARABOLA, true);
        double plain = squares / fits;
        fits = 0;
        squares = 0;
        run(FitMethod.VPNLS, true);
        assertThat(squares / fits).isLessThan(0.8 * plain);
    }

    private void run(FitMethod method, boolean seeds) {
        for (int seed = 0; seed < STUDIES; seed++) {
            SimulatedStudies study = SimulatedStudies.draw(seed, OFF_CENTRE);
            FitRequest request =
                    FitRequest.of(seeds ? study.points() : study.single(), method, MetricDirection.MINIMISE);
            ScalingFit fit = Fits.fitted(request.withExtrapolation(FAR)).fit();
            if (!fit.usable()) {
                continue;
            }
            Laws truth = study.surface().laws(6, FAR);
            fits++;
            exponents += holds(fit.nExponent(), truth.nExponent());
            sizes += holds(fit.extrapolated().params(), truth.paramsAt(FAR));
            if (fit.extrapolated().metricForm().startsWith("E +")) {
                withFloor++;
                metrics += holds(fit.extrapolated().metric(), truth.metricAt());
            }
            squares += Math.pow(fit.nExponent().value() - truth.nExponent(), 2);
        }
    }

    private static double least(double share) {
        return Math.min(1, share);
    }

    private static double share(int part, int whole) {
        return (double) part / whole;
    }

    private static int holds(Interval interval, double truth) {
        return interval.low() <= truth && truth <= interval.high() ? 1 : 0;
    }
}

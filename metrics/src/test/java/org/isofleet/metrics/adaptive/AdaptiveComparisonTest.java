package org.isofleet.metrics.adaptive;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.isofleet.metrics.scaling.FitMethod;
import org.isofleet.metrics.scaling.FitRequest;
import org.isofleet.metrics.scaling.Fits;
import org.isofleet.metrics.scaling.Interval;
import org.isofleet.metrics.scaling.MetricDirection;
import org.isofleet.metrics.scaling.Observation;
import org.isofleet.metrics.scaling.ScalingFit;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A study that adapts itself against the fixed grid of its file, at equal compute, over simulated surfaces. {@code ./mvnw -pl metrics -am test
 * -Dtest=AdaptiveComparisonTest -Dstudies=500 -Dsurefire.failIfNoSpecifiedTests=false} makes the table of {@code docs/fits.md}; the few studies of
 * every build tell gains as large as those there.
 */
@Tag("slow")
@NullUnmarked // a missing field fails the assertion that reads it
class AdaptiveComparisonTest {
    private static final int STUDIES = Integer.getInteger("studies", 24);
    private static final double OFF_CENTRE = 0.7;

    @ParameterizedTest
    @ValueSource(doubles = {1, 0.75, 1.35})
    void errors_atEqualCompute_areBelowThoseOfTheFixedGrid(double bend) {
        Tally fixed = tally(bend, grid -> grid.fixed());
        List<Double> spent = new ArrayList<>();
        List<AdaptiveDecision> stopped = new ArrayList<>();
        Tally adapted = tally(bend, grid -> {
            SimulatedGrid.Adapted study = grid.adapted();
            spent.add(study.flops() / grid.grid.flops());
            study.decisions().stream()
                    .filter(AdaptiveDecision.StopCells.class::isInstance)
                    .forEach(stopped::add);
            return study.results();
        });
        System.out.printf("bend %s, fixed:   %s%nbend %s, adapted: %s%n", bend, fixed, bend, adapted);
        System.out.printf(
                "compute of the fixed grid spent: %.3f on average, cells stopped: %d%n",
                spent.stream().mapToDouble(x -> x).average().orElseThrow(), stopped.size());
        assertThat(spent).allSatisfy(share -> assertThat(share).isLessThan(1 + 1e-9));
        assertThat(adapted.fits).isGreaterThanOrEqualTo(fixed.fits);
        assertThat(adapted.exponent()).isLessThan(0.9 * fixed.exponent());
        assertThat(adapted.size()).isLessThan(0.9 * fixed.size());
        assertThat(adapted.width()).isLessThan(0.9 * fixed.width());
    }

    private static Tally tally(double bend, Function<SimulatedGrid, List<Observation>> study) {
        Tally tally = new Tally();
        for (int seed = 0; seed < STUDIES; seed++) {
            SimulatedGrid grid = SimulatedGrid.draw(seed, OFF_CENTRE, bend);
            tally.add(grid.surface, study.apply(grid));
        }
        return tally;
    }

    private static final class Tally {
        private int fits;
        private int runs;
        private double exponentSquares;
        private double sizeSquares;
        private int exponentHeld;
        private int sizeHeld;
        private final List<Double> exponentWidths = new ArrayList<>();
        private final List<Double> sizeWidths = new ArrayList<>();

        void add(BentSurface surface, List<Observation> points) {
            ScalingFit fit = Fits.fit(FitRequest.of(points, FitMethod.VPNLS, MetricDirection.MINIMISE)
                    .withExtrapolation(SimulatedGrid.FAR));
            runs += points.size();
            if (!fit.usable()) {
                return;
            }
            fits++;
            double truth = surface.bestParams(SimulatedGrid.FAR);
            Interval size = fit.extrapolated().params();
            exponentSquares += Math.pow(fit.nExponent().value() - surface.exponent(), 2);
            sizeSquares += Math.pow(Math.log(size.value() / truth), 2);
            exponentHeld += holds(fit.nExponent(), surface.exponent());
            sizeHeld += holds(size, truth);
            exponentWidths.add(fit.nExponent().high() - fit.nExponent().low());
            sizeWidths.add(size.high() / size.low());
        }

        private static int holds(Interval interval, double truth) {
            return interval.low() <= truth && truth <= interval.high() ? 1 : 0;
        }

        double exponent() {
            return Math.sqrt(exponentSquares / fits);
        }

        /** Of log N. */
        double size() {
            return Math.sqrt(sizeSquares / fits);
        }

        double width() {
            return median(exponentWidths);
        }

        private static double median(List<Double> values) {
            return values.stream().sorted().toList().get(values.size() / 2);
        }

        @Override
        public String toString() {
            return String.format(
                    "%d fits, %.1f runs, rms error of the exponent %.4f, of N %.1f %%, median width %.3f, of N a factor of %.2f, held %.3f and %.3f",
                    fits,
                    (double) runs / STUDIES,
                    exponent(),
                    100 * Math.expm1(size()),
                    width(),
                    median(sizeWidths),
                    (double) exponentHeld / fits,
                    (double) sizeHeld / fits);
        }
    }
}

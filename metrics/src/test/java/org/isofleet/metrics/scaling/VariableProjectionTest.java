package org.isofleet.metrics.scaling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;

@NullUnmarked // a missing field fails the assertion that reads it
class VariableProjectionTest {
    @Test
    void noiseFreePoints_publishedSurface_comesBackToSixDigits() {
        ScalingFit fit = fit(Surfaces.grid(Surfaces.chinchilla(), 1e19, 5, 8, 0, 1));
        assertSurface(fit.parametric(), Surfaces.chinchilla());
        assertThat(fit.status()).isEqualTo("ok");
        assertThat(fit.nExponent().value()).isCloseTo(0.28 / 0.62, within(1e-6));
        // G = (alpha A / (beta B))^(1 / (alpha + beta)), N_opt = G (C/6)^a: equation 4 of Hoffmann et al. 2022.
        double g = Math.pow(0.34 * 406.4 / (0.28 * 410.7), 1 / 0.62);
        assertThat(fit.nCoefficient().value()).isCloseTo(g * Math.pow(6, -0.28 / 0.62), within(1e-5));
    }

    @Property(tries = 40)
    void noiseFreePoints_anySurface_comeBack(
            @ForAll @DoubleRange(min = 0.15, max = 0.8) double alpha,
            @ForAll @DoubleRange(min = 0.15, max = 0.8) double beta,
            @ForAll @DoubleRange(min = 0.1, max = 4) double e,
            @ForAll @DoubleRange(min = 0.3, max = 3) double share) {
        // At N = 1e5 and D = 1e7 the two terms are 1 and `share`.
        LossSurface surface = new LossSurface(e, Math.pow(1e5, alpha), share * Math.pow(1e7, beta), alpha, beta);
        assertSurface(fit(Surfaces.grid(surface, 6e12, 5, 7, 0, 1)).parametric(), surface);
    }

    @Test
    void halfAPercentOfNoise_sixSizesAndFiveBudgets_intervalCoversTheTruthAboutAsOftenAsItSays() {
        double truth = 0.28 / 0.62;
        LossSurface surface = Surfaces.chinchilla();
        int[] covered = new int[6];
        for (int seed = 0; seed < 40; seed++) {
            ScalingFit fit = fit(Surfaces.grid(surface, 1e19, 5, 6, 0.005, seed));
            assertThat(fit.labels()).noneMatch(label -> label.label().contains("does not follow"));
            ScalingFit.SurfaceIntervals unknowns = fit.parametric().intervals();
            covered[0] += covers(fit.nExponent(), truth);
            covered[1] += covers(unknowns.e(), surface.e());
            covered[2] += covers(unknowns.a(), surface.a());
            covered[3] += covers(unknowns.b(), surface.b());
            covered[4] += covers(unknowns.alpha(), surface.alpha());
            covered[5] += covers(unknowns.beta(), surface.beta());
        }
        assertThat(IntStream.of(covered).boxed())
                .allSatisfy(count -> assertThat(count).isBetween(33, 40));
    }

    private static int covers(Interval interval, double truth) {
        return interval.low() <= truth && truth <= interval.high() ? 1 : 0;
    }

    @Test
    void budgetsWithoutInteriorOptimum_areCountedOut() {
        List<Observation> points = Surfaces.grid(Surfaces.chinchilla(), 1e19, 4, 8, 0, 1);
        double best = Surfaces.chinchilla().laws(6, 1).paramsAt(1e19);
        List<Observation> cut = points.stream()
                .filter(p -> p.budgetFlops() > 1e19 || p.params() < best)
                .toList();
        ScalingFit fit = fit(cut);
        assertThat(fit.status()).isEqualTo("indicative");
        assertThat(fit.optima()).extracting(ScalingFit.Optimum::used).containsExactly(false, true, true, true);
        assertThat(fit.reason()).isEqualTo("3 interior optima; 4 are needed for a fit that is ok");
    }

    @Test
    void maximisedMetric_comesBackWithNegativeAmplitudes() {
        LossSurface accuracy = new LossSurface(0.8, -3, -40, 0.2, 0.3);
        List<Observation> points = Surfaces.grid(new LossSurface(0, 3, 40, 0.2, 0.3), 1e12, 4, 7, 0, 1).stream()
                .map(p -> new Observation(
                        p.label(), p.budgetFlops(), p.params(), p.tokens(), accuracy.at(p.params(), p.tokens())))
                .toList();
        ScalingFit fit = Fits.fit(
                FitRequest.of(points, FitMethod.VPNLS, MetricDirection.MAXIMISE).withExtrapolation(1e15));
        assertSurface(fit.parametric(), accuracy);
        assertThat(fit.extrapolated().metric().value()).isLessThan(0.8);
    }

    @Test
    void metricThatIgnoresTokens_isRefusedWithTheReason() {
        List<Observation> grid = new java.util.ArrayList<>();
        for (double n : new double[] {1e4, 3e4, 1e5, 3e5}) {
            for (double c : new double[] {1e12, 2e12, 4e12}) {
                grid.add(new Observation(n + "@" + c, c, n, c / (6 * n), 1 + 300 * Math.pow(n, -0.3)));
            }
        }
        ScalingFit fit = fit(grid);
        assertThat(fit.status()).isEqualTo("refused");
        assertThat(fit.reason()).isNotBlank();
        assertThat(fit.nExponent()).isNull();
    }

    private static ScalingFit fit(List<Observation> points) {
        return Fits.fit(FitRequest.of(points, FitMethod.VPNLS, MetricDirection.MINIMISE));
    }

    private static void assertSurface(ScalingFit.Parametric found, LossSurface expected) {
        assertThat(found.alpha()).isCloseTo(expected.alpha(), within(1e-6));
        assertThat(found.beta()).isCloseTo(expected.beta(), within(1e-6));
        assertThat(found.e()).isCloseTo(expected.e(), within(1e-6 * Math.max(1, expected.e())));
        assertThat(found.a() / expected.a()).isCloseTo(1, within(1e-4));
        assertThat(found.b() / expected.b()).isCloseTo(1, within(1e-4));
    }
}

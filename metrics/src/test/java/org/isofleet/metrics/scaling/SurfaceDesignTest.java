package org.isofleet.metrics.scaling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import org.isofleet.protocol.study.InvalidSpecException;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;

@NullUnmarked // a missing field fails the assertion that reads it
class SurfaceDesignTest {
    private static final double FAR = 5e20;
    private static final double NOISE = 0.005;

    @Test
    void best_isThatOfTheFit() {
        List<Observation> points = Surfaces.grid(Surfaces.chinchilla(), 1e19, 5, 8, NOISE, 1);
        ScalingFit fit = fit(points, FAR);
        assertThat(design(points).logParamsAt(FAR))
                .isCloseTo(Math.log(fit.extrapolated().params().value()), within(1e-9));
        assertThat(design(points).noise()).isCloseTo(NOISE, within(0.3 * NOISE));
    }

    @Test
    void deviation_isThatOfFitsOfFreshNoise() {
        double truth = Math.log(Surfaces.chinchilla().laws(6, FAR).paramsAt(FAR));
        double squares = 0;
        double expected = 0;
        int studies = 60;
        for (int seed = 0; seed < studies; seed++) {
            SurfaceDesign design = design(Surfaces.grid(Surfaces.chinchilla(), 1e19, 5, 8, NOISE, seed));
            squares += Math.pow(design.logParamsAt(FAR) - truth, 2) / studies;
            expected += Math.pow(design.deviationAt(FAR), 2) / studies;
        }
        assertThat(Math.sqrt(expected / squares)).isBetween(0.7, 1.4);
    }

    @Test
    void oneRunMore_asTheFitHasItWhenItIsThere() {
        List<Observation> points = Surfaces.grid(Surfaces.chinchilla(), 1e19, 5, 8, NOISE, 1);
        SurfaceDesign design = design(points);
        double n = Math.exp(design.logParamsAt(1e20)) / 6;
        double d = 1e20 / (6 * n);
        List<Observation> more = new ArrayList<>(points);
        ScalingFit.Parametric surface = fit(points, FAR).parametric();
        double said =
                surface.e() + surface.a() * Math.pow(n, -surface.alpha()) + surface.b() * Math.pow(d, -surface.beta());
        more.add(new Observation("more", 1e20, n, d, said));
        SurfaceDesign expected = design.with(n, d);
        assertThat(expected.deviationAt(FAR)).isLessThan(0.999 * design.deviationAt(FAR));
        // One degree of freedom more makes the noise that is estimated a little smaller.
        assertThat(design(more).deviationAt(FAR))
                .isCloseTo(expected.deviationAt(FAR), within(0.02 * expected.deviationAt(FAR)));
    }

    @Test
    void runsFromTheBest_tellMoreThanOneAtIt() {
        List<Observation> points = Surfaces.grid(Surfaces.chinchilla(), 1e19, 5, 8, NOISE, 1);
        SurfaceDesign design = design(points);
        double best = Math.exp(design.logParamsAt(1e20));
        double at = design.with(best, 1e20 / (6 * best)).deviationAt(1e20);
        double off = design.with(best / 8, 8 * 1e20 / (6 * best)).deviationAt(1e20);
        assertThat(off).isLessThan(at);
    }

    @Test
    void fivePoints_areTooFew() {
        List<Observation> points = Surfaces.grid(Surfaces.chinchilla(), 1e19, 5, 8, NOISE, 1);
        ScalingFit.Parametric surface = fit(points, FAR).parametric();
        assertThatThrownBy(() -> SurfaceDesign.of(surface, points.subList(0, 5)))
                .isInstanceOf(InvalidSpecException.class)
                .hasMessageContaining("more than 5 points");
    }

    private static SurfaceDesign design(List<Observation> points) {
        return SurfaceDesign.of(fit(points, FAR).parametric(), points);
    }

    private static ScalingFit fit(List<Observation> points, double budget) {
        return Fits.fit(FitRequest.of(points, FitMethod.VPNLS, MetricDirection.MINIMISE)
                .withBootstrap(0)
                .withExtrapolation(budget));
    }
}

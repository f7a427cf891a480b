package org.isofleet.metrics.scaling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;

/**
 * The bias of a parabola through a whole profile, in closed form.
 *
 * <p>With u = log N from the centre of a budget's sizes, the surface along the budget is, up to level and scale, {@code p e^(-alpha u) / alpha + q
 * e^(beta u) / beta}, where p = e^(-alpha c) and q = e^(beta c) when the centre lies c beyond the optimum. On sizes that lie densely in [-W, W]
 * the least-squares parabola has slope {@code 3/(2 W^3) int u L du} and curvature {@code 45/(8 W^5) int (u^2 - W^2/3) L du}, and the integrals
 * of exponentials are hyperbolic functions. Its vertex is -slope / (2 curvature).
 */
@NullUnmarked // a missing field fails the assertion that reads it
class ParabolaBiasTest {
    private static final LossSurface SURFACE = new LossSurface(1.69, 406.4, 410.7, 0.5, 0.25);
    private static final double HALF_WIDTH = Math.log(16);
    private static final int SIZES = 801;

    /** Far below any loss, so that the metric is no positive one and profiles are taken as they are, not in logarithms. */
    private static final double BELOW = 20;

    @Test
    void centredGrid_leavesTheExponentAndMovesEverySizeByTheClosedForm() {
        ScalingFit fit = fit(0, 0);
        double shift = vertex(0);
        assertThat(Math.abs(shift)).isGreaterThan(0.05);
        assertThat(fit.nExponent().value()).isCloseTo(SURFACE.laws(6, 1).nExponent(), within(1e-6));
        for (ScalingFit.Optimum optimum : fit.optima()) {
            double found = Math.log(optimum.params() / SURFACE.laws(6, 1).paramsAt(optimum.budgetFlops()));
            assertThat(found / shift).isCloseTo(1, within(1e-3));
        }
    }

    @Test
    void driftingGrid_biasOfTheExponent_isTheClosedFormToThreeDigits() {
        double drift = 0.25;
        double[] logC = new double[5];
        double[] vertices = new double[5];
        for (int b = 0; b < 5; b++) {
            double centre = 0.3 + drift * b;
            logC[b] = b * Math.log(2);
            vertices[b] = centre + vertex(centre);
        }
        double bias = PowerLaw.through(logC, vertices).exponent();
        ScalingFit fit = fit(0.3, drift);
        double found = fit.nExponent().value() - SURFACE.laws(6, 1).nExponent();
        assertThat(Math.abs(bias)).isGreaterThan(0.01);
        assertThat(found / bias).isCloseTo(1, within(1e-3));
    }

    @Test
    void driftingGrid_variableProjection_hasNoSuchBias() {
        ScalingFit fit = Fits.fit(FitRequest.of(grid(0.3, 0.25, 9, 0), FitMethod.VPNLS, MetricDirection.MINIMISE)
                .withBootstrap(0));
        assertThat(fit.nExponent().value() / SURFACE.laws(6, 1).nExponent()).isCloseTo(1, within(1e-6));
    }

    /** The vertex from the centre of the sizes. */
    private static double vertex(double centre) {
        double p = Math.exp(-SURFACE.alpha() * centre) / SURFACE.alpha();
        double q = Math.exp(SURFACE.beta() * centre) / SURFACE.beta();
        double slope = 3 / (2 * cube(HALF_WIDTH)) * (q * first(SURFACE.beta()) - p * first(SURFACE.alpha()));
        double curvature =
                45 / (8 * Math.pow(HALF_WIDTH, 5)) * (p * second(SURFACE.alpha()) + q * second(SURFACE.beta()));
        return -slope / (2 * curvature);
    }

    /** The integral of u e^(a u) over [-W, W]. */
    private static double first(double a) {
        return 2 * (HALF_WIDTH * Math.cosh(a * HALF_WIDTH) / a - Math.sinh(a * HALF_WIDTH) / (a * a));
    }

    /** The integral of (u^2 - W^2 / 3) e^(a u) over [-W, W]; even in a. */
    private static double second(double a) {
        double sinh = Math.sinh(a * HALF_WIDTH);
        double cosh = Math.cosh(a * HALF_WIDTH);
        double square = HALF_WIDTH * HALF_WIDTH;
        return 2 * (square * sinh / a - 2 * HALF_WIDTH * cosh / (a * a) + 2 * sinh / cube(a))
                - 2 * square / 3 * sinh / a;
    }

    private static double cube(double x) {
        return x * x * x;
    }

    private static ScalingFit fit(double centre, double drift) {
        return Fits.fit(FitRequest.of(grid(centre, drift, SIZES, BELOW), FitMethod.PARABOLA, MetricDirection.MINIMISE)
                .withBootstrap(0));
    }

    private static List<Observation> grid(double centre, double drift, int sizes, double below) {
        List<Observation> points = new ArrayList<>();
        for (int b = 0; b < 5; b++) {
            double budget = 1e19 * Math.pow(2, b);
            double middle = SURFACE.laws(6, 1).paramsAt(budget) * Math.exp(centre + drift * b);
            for (int i = 0; i < sizes; i++) {
                // Midpoints of equal cells: sums over them are integrals up to the square of the cell.
                double params = middle * Math.exp(HALF_WIDTH * (2 * (i + 0.5) / sizes - 1));
                double tokens = budget / (6 * params);
                points.add(new Observation(b + "-" + i, budget, params, tokens, SURFACE.at(params, tokens) - below));
            }
        }
        return points;
    }
}

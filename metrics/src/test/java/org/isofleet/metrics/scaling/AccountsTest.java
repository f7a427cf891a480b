package org.isofleet.metrics.scaling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import org.isofleet.protocol.study.ModelShape;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;

/**
 * Golden numbers: a numpy program that has nothing in common with this code. It interpolates counts with {@code interp}, fits lines with
 * {@code polyfit}, and takes the optimum under exact FLOPs from eight million sizes evenly spaced in log N between 1e3 and 1e6.
 */
@NullUnmarked // a missing field fails the assertion that reads it
class AccountsTest {
    private static final double[] BUDGETS = {1e11, 2e11, 4e11, 8e11};
    private static final LossSurface SURFACE = new LossSurface(2.1, 100, 330, 0.42, 0.38);
    private static final List<ModelShape> SHAPES = Stream.of(
                    new int[] {1, 24, 1},
                    new int[] {2, 24, 1},
                    new int[] {2, 32, 2},
                    new int[] {3, 32, 2},
                    new int[] {3, 40, 2},
                    new int[] {4, 48, 2},
                    new int[] {5, 56, 4})
            .map(size -> ModelShape.of(16, 3, 32, size[0], size[1], size[2]))
            .toList();

    @Test
    void sameOptima_countedThreeWays_haveTheGoldenExponents() {
        Accounting.Exponents exponents = accounting(SURFACE).nExponents();
        assertThat(exponents.params().value()).isCloseTo(0.475, within(1e-12));
        assertThat(exponents.allParams().value()).isCloseTo(0.4287565167078322, within(1e-12));
        assertThat(exponents.bodyParams().value()).isCloseTo(0.5107820644842234, within(1e-12));
    }

    @Test
    void exactFlops_optimaOfTheSurface_areTheGoldenOnes() {
        Accounting.ExactFlops exact = accounting(SURFACE).exactFlops();
        assertThat(exact.attention().coefficient()).isCloseTo(34.48640037791694, within(1e-9));
        assertThat(exact.attention().exponent()).isCloseTo(0.7810548033474528, within(1e-12));
        assertThat(exact.attention().largestError()).isCloseTo(0.06567207002294642, within(1e-12));
        assertThat(exact.nExponent().value()).isCloseTo(0.4868315520410245, within(1e-6));
        assertThat(exact.dExponent().value()).isCloseTo(0.5538857536229744, within(1e-6));
        double[][] golden = {
            {1e11, 1.60005993e4, 6.16248005e5, 5.89664050},
            {2e11, 2.24342536e4, 9.05415327e5, 5.38655406},
            {4e11, 3.14383232e4, 1.32917837e6, 4.94578114},
            {8e11, 4.40341888e4, 1.94968510e6, 4.56478441}
        };
        for (int i = 0; i < golden.length; i++) {
            Accounting.Optimum optimum = exact.optima().get(i);
            assertThat(optimum.budgetFlops()).isEqualTo(golden[i][0]);
            assertThat(optimum.params().value() / golden[i][1]).isCloseTo(1, within(1e-6));
            assertThat(optimum.tokens().value() / golden[i][2]).isCloseTo(1, within(1e-6));
            assertThat(optimum.metric().value()).isCloseTo(golden[i][3], within(1e-8));
        }
    }

    /** When attention is the same share at every size, exact FLOPs are 6ND with another factor, and there the law has a closed form. */
    @Property(tries = 50)
    void exactFlops_attentionInProportion_isTheClosedForm(
            @ForAll @DoubleRange(min = 0.01, max = 100) double perWeight,
            @ForAll @DoubleRange(min = 0.1, max = 1) double alpha,
            @ForAll @DoubleRange(min = 0.1, max = 1) double beta) {
        LossSurface surface = new LossSurface(1, 300, 400, alpha, beta);
        ExactOptimum optimum = ExactOptimum.of(surface, new PowerLaw(1, Math.log(perWeight), 1), 1e18);
        Laws laws = surface.laws(6 + perWeight, 1e18);
        assertThat(Math.exp(optimum.logParams()) / laws.paramsAt(1e18)).isCloseTo(1, within(1e-9));
        assertThat(Math.exp(optimum.logTokens()) / laws.tokensAt(1e18)).isCloseTo(1, within(1e-9));
        assertThat(optimum.metric()).isCloseTo(laws.metricAt(), within(1e-9));
    }

    @Test
    void exactFlops_maximisedMetric_isWhereItsMirrorIsLowest() {
        LossSurface mirrored = new LossSurface(-2.1, -100, -330, 0.42, 0.38);
        Accounting.Optimum optimum = accounting(mirrored).exactFlops().optima().get(0);
        assertThat(optimum.params().value() / 1.60005993e4).isCloseTo(1, within(1e-6));
        assertThat(optimum.metric().value()).isCloseTo(-5.89664050, within(1e-8));
    }

    @Test
    void profileMethod_hasExponentsButNoOptimaUnderExactFlops() {
        Accounting accounting = fit(FitMethod.AKIMA, SHAPES).accounting();
        assertThat(accounting.exactFlops()).isNull();
        assertThat(accounting.nExponents().bodyParams().value())
                .isGreaterThan(accounting.nExponents().params().value());
    }

    @Test
    void fit_everyAccount_carriesAnIntervalAroundIt() {
        ScalingFit fit = fit(FitMethod.VPNLS, SHAPES);
        Accounting accounting = Objects.requireNonNull(fit.accounting());
        assertThat(accounting.nExponents().params().value())
                .isCloseTo(fit.nExponent().value(), within(1e-9));
        Stream.of(
                        accounting.nExponents().allParams(),
                        accounting.nExponents().bodyParams(),
                        accounting.exactFlops().nExponent(),
                        accounting.exactFlops().dExponent(),
                        accounting.exactFlops().optima().get(0).params())
                .forEach(interval -> {
                    assertThat(interval.level()).isEqualTo(0.95);
                    assertThat(interval.value()).isStrictlyBetween(interval.low(), interval.high());
                });
    }

    @Test
    void sizesUnknown_orOnlyOne_thereAreNoAccounts() {
        assertThat(fit(FitMethod.VPNLS, List.of()).accounting()).isNull();
        assertThat(fit(FitMethod.VPNLS, SHAPES.subList(0, 1)).accounting()).isNull();
    }

    private static Accounting accounting(LossSurface surface) {
        Bootstrap none = Bootstrap.of(
                FitRequest.of(List.of(), FitMethod.VPNLS, MetricDirection.MINIMISE)
                        .withBootstrap(0),
                new Noise(0.01, 1, "none"),
                MetricScale.LOG,
                (random, deviation) -> null);
        return new Accounts(SHAPES, BUDGETS).of(surface.laws(6, 1), none);
    }

    private static ScalingFit fit(FitMethod method, List<ModelShape> shapes) {
        List<Observation> points = Surfaces.grid(SURFACE, 1e11, 4, 9, 0.002, 5);
        return Fits.fit(FitRequest.of(points, method, MetricDirection.MINIMISE).withShapes(shapes));
    }
}

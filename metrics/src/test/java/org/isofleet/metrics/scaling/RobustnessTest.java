package org.isofleet.metrics.scaling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.isofleet.protocol.study.InvalidSpecException;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;

@NullUnmarked // a missing field fails the assertion that reads it
class RobustnessTest {
    private static final List<Observation> POINTS = Surfaces.grid(Surfaces.chinchilla(), 1e19, 5, 8, 0.002, 11);

    @Test
    void fit_withIntervals_tellsLeaveOneSizeOutAndEveryMethod() {
        ScalingFit fit = Fits.fit(request(POINTS, FitMethod.VPNLS));
        Robustness.Range range = fit.robustness().leaveOneSizeOut();
        assertThat(range.fits()).isEqualTo(8);
        assertThat(range.low()).isLessThan(fit.nExponent().value());
        assertThat(range.high()).isGreaterThan(fit.nExponent().value());
        assertThat(fit.robustness().methods())
                .extracting(Robustness.MethodExponent::method)
                .containsExactly("akima", "local-parabola", "parabola", "vpnls");
        assertThat(fit.robustness().methods().get(3).nExponent())
                .isEqualTo(fit.nExponent().value());
        assertThat(Fits.fit(request(POINTS, FitMethod.VPNLS).withBootstrap(0)).robustness())
                .isNull();
    }

    @Test
    void oneSpoiledSize_widensTheRangeAndNotTheIntervalOfKnownNoise() {
        List<Observation> spoiled = new ArrayList<>(POINTS);
        for (int b = 0; b < 5; b++) {
            Observation p = spoiled.get(8 * b + 7);
            double worse = p.metric() * (1 + 0.01 * b);
            spoiled.set(8 * b + 7, new Observation(p.label(), p.budgetFlops(), p.params(), p.tokens(), worse));
        }
        Robustness.Range before =
                Fits.fit(request(POINTS, FitMethod.VPNLS)).robustness().leaveOneSizeOut();
        Robustness.Range after =
                Fits.fit(request(spoiled, FitMethod.VPNLS)).robustness().leaveOneSizeOut();
        assertThat(after.high() - after.low()).isGreaterThan(2 * (before.high() - before.low()));
    }

    @Test
    void sizesSharedByTheBudgets_areLeftOutByTheirN_othersByTheirPlace() {
        List<Observation> shared = new ArrayList<>();
        for (double budget : new double[] {1e12, 2e12}) {
            for (double n : new double[] {1e5, 2e5, 4e5}) {
                double larger = budget > 1.5e12 ? 2 * n : n;
                shared.add(new Observation(n + "@" + budget, budget, larger, 1, 1));
            }
        }
        assertThat(SizeGroups.withoutOne(shared))
                .hasSize(4)
                .extracting(List::size)
                .containsExactly(5, 4, 4, 5);
        assertThat(SizeGroups.withoutOne(POINTS)).hasSize(8).allMatch(rest -> rest.size() == 35);
    }

    @Test
    void ratioOfOptima_knownSurfaces_isInsideItsInterval() {
        LossSurface other = new LossSurface(1.69, 406.4 * 2, 410.7, 0.34, 0.28);
        List<Observation> above = Surfaces.grid(other, 1e19, 5, 8, 0.002, 5);
        OptimaRatio ratio = OptimaRatio.of(
                        "fd", request(above, FitMethod.VPNLS), "loss", request(POINTS, FitMethod.VPNLS), List.of(4e19))
                .get(0);
        // N_opt grows as A^(1 / (alpha + beta)): equation 4 of Hoffmann et al. 2022; D_opt shrinks by the same.
        double truth = Math.pow(2, 1 / 0.62);
        assertThat(ratio.params().value()).isCloseTo(truth, within(0.4));
        assertThat(ratio.params().low()).isLessThan(truth);
        assertThat(ratio.params().high()).isGreaterThan(truth);
        assertThat(ratio.tokens().value() * ratio.params().value()).isCloseTo(1, within(1e-9));
        assertThatThrownBy(() -> OptimaRatio.of(
                        "fd",
                        request(above.subList(0, 3), FitMethod.VPNLS),
                        "loss",
                        request(POINTS, FitMethod.VPNLS),
                        List.of(4e19)))
                .isInstanceOf(InvalidSpecException.class)
                .hasMessageContaining("the fit of fd is refused");
    }

    @Test
    void noiseOfFewRepeats_isDrawnWiderThanFound_asStudentsT() {
        Random random = new Random(3);
        Noise few = new Noise(2, 6, "test");
        int beyond = 0;
        int draws = 40_000;
        for (int i = 0; i < draws; i++) {
            // 2.447 is the 97.5 % quantile of Student's t with 6 degrees of freedom.
            beyond += Math.abs(few.draw(random) * random.nextGaussian()) > 2 * 2.447 ? 1 : 0;
        }
        assertThat((double) beyond / draws).isCloseTo(0.05, within(0.004));
        assertThat(new Noise(2, Double.POSITIVE_INFINITY, "known").draw(random)).isEqualTo(2);
    }

    @Test
    void seedsAtThreeCells_tellWhetherTheySpanTheBudgets() {
        assertThat(Fits.fit(request(withSeeds(0, 2, 4), FitMethod.LOCAL_PARABOLA))
                        .uncertainty())
                .contains("from 6 repeats of 3 cells and from third differences");
        assertThat(Fits.fit(request(withSeeds(0, 0, 1), FitMethod.VPNLS)).uncertainty())
                .contains("from 6 repeats of 3 cells, which do not span the budgets and from the residuals");
    }

    @Test
    void poorTraining_offCentreAndFewSizes_areLabelled() {
        List<Observation> points = new ArrayList<>(POINTS);
        Observation first = points.get(0);
        points.set(
                0,
                new Observation(
                        "poor",
                        first.budgetFlops(),
                        first.params(),
                        first.tokens(),
                        first.metric(),
                        new Observation.Training(999, 4.1, 0.6)));
        // Of the last budget only the larger sizes are left, so that its optimum is near the first of them.
        points.subList(32, 35).clear();
        points.subList(34, 37).clear();
        List<ScalingFit.Label> labels =
                Fits.fit(request(points, FitMethod.VPNLS).withBootstrap(0)).labels();
        assertThat(labels)
                .contains(
                        new ScalingFit.Label("poor", "head-dominated"),
                        new ScalingFit.Label("poor", "under 1,000 steps"),
                        new ScalingFit.Label("poor", "over 4 epochs"),
                        new ScalingFit.Label("c4n3", "too few: 2 sizes at this budget"));
        assertThat(labels)
                .noneMatch(label -> label.row().equals("c0n1") && label.label().contains("steps"));
        List<Observation> offCentre = new ArrayList<>(POINTS);
        offCentre.subList(32, 35).clear();
        assertThat(Fits.fit(request(offCentre, FitMethod.VPNLS).withBootstrap(0))
                        .labels())
                .anyMatch(label -> label.row().startsWith("c4") && label.label().startsWith("off-centre"));
    }

    private static List<Observation> withSeeds(int... budgets) {
        List<Observation> points = new ArrayList<>(POINTS);
        int place = 2;
        for (int b : budgets) {
            Observation p = POINTS.get(8 * b + place++);
            for (int seed = 1; seed <= 2; seed++) {
                points.add(new Observation(
                        p.label() + "s" + seed,
                        p.budgetFlops(),
                        p.params(),
                        p.tokens(),
                        p.metric() * (1 + 0.002 * (seed - 1.4))));
            }
        }
        return points;
    }

    private static FitRequest request(List<Observation> points, FitMethod method) {
        return FitRequest.of(points, method, MetricDirection.MINIMISE);
    }
}

package org.isofleet.metrics.scaling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.isofleet.protocol.study.InvalidSpecException;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@NullUnmarked // a missing field fails the assertion that reads it
class FitsTest {
    private static final double TRUTH = 0.28 / 0.62;

    @ParameterizedTest
    @EnumSource(FitMethod.class)
    void fineNoiseFreeGrid_everyMethod_findsTheExponent(FitMethod method) {
        ScalingFit fit = Fits.fit(FitRequest.of(points(0, 13), method, MetricDirection.MINIMISE));
        assertThat(fit.status()).isEqualTo("ok");
        assertThat(fit.nExponent().value()).isCloseTo(TRUTH, within(0.005));
        assertThat(fit.dExponent().value()).isCloseTo(1 - TRUTH, within(0.005));
    }

    @ParameterizedTest
    @EnumSource(FitMethod.class)
    void noPointsAndFewPoints_everyMethod_isRefusedWithAReason(FitMethod method) {
        for (int count = 0; count < 8; count++) {
            ScalingFit fit = Fits.fit(FitRequest.of(points(0, 6).subList(0, count), method, MetricDirection.MINIMISE));
            assertThat(fit.status()).as("%d points", count).isEqualTo("refused");
            assertThat(fit.reason()).isNotBlank();
            assertThat(fit.nExponent()).isNull();
        }
    }

    @Property(tries = 20)
    void orderOfPoints_anyMethod_doesNotMatter(@ForAll FitMethod method, @ForAll long seed) {
        List<Observation> shuffled = new ArrayList<>(points(0.003, 7));
        Collections.shuffle(shuffled, new Random(seed));
        ScalingFit fit = Fits.fit(request(shuffled, method).withBootstrap(0));
        ScalingFit straight = Fits.fit(request(points(0.003, 7), method).withBootstrap(0));
        assertThat(fit.status()).isEqualTo(straight.status());
        if (fit.usable()) {
            assertThat(fit.nExponent().value()).isCloseTo(straight.nExponent().value(), within(1e-4));
        }
    }

    @Test
    void fourBudgetsOkThreeIndicativeTwoRefused() {
        List<Observation> all = points(0, 9);
        assertThat(Fits.fit(request(all.subList(0, 36), FitMethod.AKIMA)).status())
                .isEqualTo("ok");
        assertThat(Fits.fit(request(all.subList(0, 27), FitMethod.AKIMA)).status())
                .isEqualTo("indicative");
        ScalingFit refused = Fits.fit(request(all.subList(0, 18), FitMethod.AKIMA));
        assertThat(refused.status()).isEqualTo("refused");
        assertThat(refused.reason()).isEqualTo("2 of 2 budgets have an interior optimum; 3 are the least; add budgets");
    }

    @Test
    void sameSeed_sameIntervals_otherSeedOthers() {
        FitRequest request = request(points(0.004, 7), FitMethod.VPNLS);
        FitRequest other = new FitRequest(
                Map.of(), request.points(), request.method(), request.direction(), 200, 2, 0.95, null, null, List.of());
        assertThat(Fits.fit(request)).isEqualTo(Fits.fit(request));
        assertThat(Fits.fit(request).nExponent()).isNotEqualTo(Fits.fit(other).nExponent());
    }

    @ParameterizedTest
    @EnumSource(FitMethod.class)
    void pointsInAnotherOrder_giveTheSameIntervals(FitMethod method) {
        List<Observation> points = points(0.004, 7);
        List<Observation> turned = new ArrayList<>(points);
        Collections.reverse(turned);
        assertThat(Fits.fit(request(turned, method))).isEqualTo(Fits.fit(request(points, method)));
    }

    @Test
    void estimatedNoise_isNearTheTrueOne() {
        List<Observation> points = Surfaces.grid(Surfaces.chinchilla(), 1e19, 8, 12, 0.005, 7);
        double noise = PseudoResiduals.of(IsoflopProfile.of(points, MetricScale.LOG))
                .noise()
                .deviation();
        assertThat(noise).isBetween(0.0035, 0.0065);
    }

    @Test
    void threeSizesABudget_tellNoNoise_soNoIntervalAndNotOk() {
        ScalingFit fit = Fits.fit(request(points(0.002, 3), FitMethod.LOCAL_PARABOLA));
        assertThat(fit.status()).isEqualTo("indicative");
        assertThat(fit.reason()).startsWith("no intervals, for nothing tells the noise");
        assertThat(fit.nExponent()).isEqualTo(Interval.point(fit.nExponent().value()));
        assertThat(fit.uncertainty()).isNull();
        ScalingFit without =
                Fits.fit(request(points(0.002, 3), FitMethod.LOCAL_PARABOLA).withBootstrap(0));
        assertThat(without.status()).isEqualTo("ok");
    }

    @ParameterizedTest
    @EnumSource(names = {"LOCAL_PARABOLA", "VPNLS"})
    void severalRunsOfACell_tellTheNoise(FitMethod method) {
        List<Observation> points = new ArrayList<>();
        for (long seed = 1; seed <= 5; seed++) {
            points.addAll(Surfaces.grid(Surfaces.chinchilla(), 1e19, 4, 3, 0.002, seed));
        }
        points.addAll(points.subList(0, 12)); // the same runs once more are no repeats
        ScalingFit fit = Fits.fit(request(points, method));
        assertThat(fit.status()).isEqualTo("ok");
        assertThat(fit.nExponent().high()).isGreaterThan(fit.nExponent().low());
        assertThat(fit.uncertainty())
                .containsPattern("relative noise 0\\.0(01[5-9]|02[0-5]?) between runs .* 48 repeats");
    }

    @Test
    void drawsThatOftenGiveNoFit_makeTheIntervalsIndicative() {
        ScalingFit fit = Fits.fit(request(points(0, 5), FitMethod.AKIMA).withNoise(0.3));
        assertThat(fit.status()).isEqualTo("indicative");
        assertThat(fit.reason()).matches("only \\d+ of 200 draws gave a fit, and the intervals rest on those");
    }

    @Test
    void outlierDuplicateAndEdge_areLabelledNotDropped() {
        List<Observation> points = new ArrayList<>(points(0.0005, 9));
        Observation spoiled = points.get(13);
        points.set(13, new Observation("spoiled", spoiled.budgetFlops(), spoiled.params(), spoiled.tokens(), 3.5));
        Observation first = points.get(0);
        points.add(new Observation("again", first.budgetFlops(), first.params(), first.tokens(), first.metric()));
        points.add(
                new Observation("seed 2", first.budgetFlops(), first.params(), first.tokens(), first.metric() + 0.01));
        for (FitMethod method : List.of(FitMethod.AKIMA, FitMethod.HUBER)) {
            ScalingFit fit = Fits.fit(request(points, method));
            assertThat(fit.labels())
                    .contains(
                            new ScalingFit.Label("spoiled", "outlier"),
                            new ScalingFit.Label("again", "duplicate of c0n0"),
                            new ScalingFit.Label("seed 2", "another run of the cell of c0n0"));
        }
    }

    @Test
    void maximisedMetric_profileMethods_findTheLargest() {
        List<Observation> accuracy = points(0, 9).stream()
                .map(p -> new Observation(
                        p.label(), p.budgetFlops(), p.params(), p.tokens(), 1 - Math.log(p.metric()) / 2))
                .toList();
        ScalingFit fit = Fits.fit(FitRequest.of(accuracy, FitMethod.AKIMA, MetricDirection.MAXIMISE));
        ScalingFit loss = Fits.fit(request(points(0, 9), FitMethod.AKIMA));
        assertThat(fit.nExponent().value()).isCloseTo(loss.nExponent().value(), within(1e-9));
        assertThat(fit.optima().get(0).metric()).isBetween(0.0, 1.0);
    }

    @Test
    void huber_negativeOrMaximisedMetric_saysWhatToUseInstead() {
        assertThatThrownBy(() -> Fits.fit(FitRequest.of(points(0, 7), FitMethod.HUBER, MetricDirection.MAXIMISE)))
                .isInstanceOf(InvalidSpecException.class)
                .hasMessageContaining("vpnls");
    }

    @Test
    void extrapolation_fivefoldBudget_carriesIntervalsAndItsForm() {
        double far = 5 * 8e19;
        ScalingFit fit = Fits.fit(request(points(0.003, 7), FitMethod.VPNLS).withExtrapolation(far));
        Laws truth = Surfaces.chinchilla().laws(6, far);
        assertThat(fit.extrapolated().params().value() / truth.paramsAt(far)).isCloseTo(1, within(0.3));
        assertThat(fit.extrapolated().metric().value()).isCloseTo(truth.metricAt(), within(0.05));
        assertThat(fit.extrapolated().metric().low())
                .isLessThan(fit.extrapolated().metric().high());
        assertThat(fit.extrapolated().metricForm()).contains("bounded");
    }

    @Test
    void json_hasTheFieldsOthersRelyOn() {
        JsonNode json = new ObjectMapper()
                .valueToTree(Fits.fit(request(points(0.003, 7), FitMethod.VPNLS)
                        .withExtrapolation(1e21)
                        .withGroup(Map.of("resolution", "16"))));
        assertThat(json.fieldNames())
                .toIterable()
                .contains(
                        "group",
                        "method",
                        "status",
                        "n_exponent",
                        "d_exponent",
                        "n_coefficient",
                        "d_coefficient",
                        "r2",
                        "optima",
                        "parametric",
                        "extrapolated",
                        "labels")
                .doesNotContain("reason");
        assertThat(json.get("n_exponent").fieldNames()).toIterable().containsExactly("value", "low", "high", "level");
        assertThat(json.get("parametric").fieldNames())
                .toIterable()
                .containsExactly("E", "A", "B", "alpha", "beta", "objective", "intervals");
        assertThat(json.get("optima").get(0).fieldNames())
                .toIterable()
                .contains("budget_flops", "params", "tokens", "metric", "used")
                .doesNotContain("reason");
    }

    private static List<Observation> points(double noise, int sizes) {
        return Surfaces.grid(Surfaces.chinchilla(), 1e19, 4, sizes, noise, 11);
    }

    private static FitRequest request(List<Observation> points, FitMethod method) {
        return FitRequest.of(points, method, MetricDirection.MINIMISE);
    }
}

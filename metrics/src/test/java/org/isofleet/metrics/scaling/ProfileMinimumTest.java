package org.isofleet.metrics.scaling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleUnaryOperator;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import org.junit.jupiter.api.Test;

class ProfileMinimumTest {
    private static final double[] SIZES = {1, 1.7, 2.1, 3, 3.4, 4.1, 5};

    @Property(tries = 100)
    void parabola_exactParabola_vertexIsExact(
            @ForAll @DoubleRange(min = 1.2, max = 4.8) double vertex,
            @ForAll @DoubleRange(min = 0.01, max = 10) double curvature) {
        IsoflopProfile profile = profile(x -> 2 + curvature * (x - vertex) * (x - vertex));
        Located.At at = (Located.At) ProfileMinimum.of(FitMethod.PARABOLA).locate(profile, 0);
        assertThat(at.logN()).isCloseTo(vertex, within(1e-9));
        assertThat(at.scaled()).isCloseTo(2, within(1e-9));
    }

    @Property(tries = 100)
    void everyMethod_lowestSizeInside_minimumIsNotAboveAnySizeForTheSpline(
            @ForAll @DoubleRange(min = 1.8, max = 4) double vertex) {
        IsoflopProfile profile = profile(x -> Math.exp(x - vertex) + Math.exp(2 * (vertex - x)));
        Located.At at = (Located.At) ProfileMinimum.of(FitMethod.AKIMA).locate(profile, 0);
        assertThat(at.scaled()).isLessThanOrEqualTo(profile.scaled[profile.best()]);
        assertThat(at.logN()).isBetween(profile.logN[profile.best() - 1], profile.logN[profile.best() + 1]);
    }

    @Test
    void akima_knownKnots_splineMinimumEqualsScipys() {
        // scipy.interpolate.Akima1DInterpolator (1.17.1), bounded minimisation, on inner knots where end rules do not
        // reach.
        double[] x = {0, 1, 2, 3, 4, 5, 6, 7, 8};
        double[] y = {5, 3.2, 2.1, 1.4, 1.15, 1.3, 1.9, 2.8, 4.4};
        Located.At at = (Located.At) new AkimaMinimum().locate(profile(x, y), 0);
        assertThat(at.logN()).isCloseTo(AKIMA_PLACE, within(1e-5));
        assertThat(at.scaled()).isCloseTo(AKIMA_VALUE, within(1e-9));
    }

    private static final double AKIMA_PLACE = 4.159697940539245;
    private static final double AKIMA_VALUE = 1.1458911844663067;

    @Test
    void allMethods_fallingProfile_haveNoOptimum() {
        IsoflopProfile profile = profile(x -> 5 - x);
        for (FitMethod method : List.of(FitMethod.AKIMA, FitMethod.LOCAL_PARABOLA, FitMethod.PARABOLA)) {
            assertThat(ProfileMinimum.of(method).locate(profile, 0))
                    .as(method.cliName())
                    .isInstanceOf(Located.Nowhere.class);
        }
    }

    @Test
    void parabola_curvatureWithinItsError_isRefusedForThat() {
        IsoflopProfile profile = profile(x -> 0.01 * (x - 3) * (x - 3));
        assertThat(ProfileMinimum.of(FitMethod.LOCAL_PARABOLA).locate(profile, 0.05))
                .isEqualTo(new Located.Nowhere("its curvature cannot be told from zero"));
        assertThat(ProfileMinimum.of(FitMethod.LOCAL_PARABOLA).locate(profile, 0.001))
                .isInstanceOf(Located.At.class);
    }

    @Test
    void akima_fourSizes_areTooFew() {
        IsoflopProfile profile = profile(new double[] {1, 2, 3, 4}, new double[] {2, 1, 1.5, 3});
        assertThat(new AkimaMinimum().locate(profile, 0))
                .isEqualTo(new Located.Nowhere("4 size(s); an Akima spline needs at least 5"));
    }

    @Test
    void localParabola_steepSmallModels_isLessBiasedThanThePlainOne() {
        // A profile as of a surface: steeper to the left of its optimum at 3.
        IsoflopProfile profile = profile(x -> Math.exp(-(x - 3)) + Math.exp(0.5 * (x - 3)) * 2);
        double local = ((Located.At) ProfileMinimum.of(FitMethod.LOCAL_PARABOLA).locate(profile, 0)).logN();
        double plain = ((Located.At) ProfileMinimum.of(FitMethod.PARABOLA).locate(profile, 0)).logN();
        assertThat(Math.abs(local - 3)).isLessThan(Math.abs(plain - 3));
    }

    private static IsoflopProfile profile(DoubleUnaryOperator values) {
        double[] y = new double[SIZES.length];
        for (int i = 0; i < y.length; i++) {
            y[i] = values.applyAsDouble(SIZES[i]);
        }
        return profile(SIZES, y);
    }

    private static IsoflopProfile profile(double[] logN, double[] values) {
        List<Observation> points = new ArrayList<>();
        for (int i = 0; i < logN.length; i++) {
            points.add(new Observation("p" + i, 1, Math.exp(logN[i]), 1 / (6 * Math.exp(logN[i])), values[i]));
        }
        return IsoflopProfile.of(points, MetricScale.PLAIN).get(0);
    }
}

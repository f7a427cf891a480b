package org.isofleet.metrics.scaling;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Noise of profiles without a model of their shape.
 *
 * <p>Each size is compared with the parabola through three sizes around it; the difference, scaled to the noise of a single value,
 * is free of level, slope and curvature (Gasser, Sroka and Jennen-Steinmetz 1986, with one order more, because profiles bend).
 * The median of the absolute values, so that a steep end or an outlier does not count, estimates the standard deviation.
 */
final class PseudoResiduals {
    /** Median of the absolute value of a standard normal variable. */
    private static final double NORMAL_MEDIAN = 0.6744897501960817;

    /** What a median of absolute values is worth beside the root of the mean square (Rousseeuw and Croux 1993). */
    private static final double MEDIAN_EFFICIENCY = 0.37;

    /** With fewer degrees single draws of a bootstrap are wilder than any profile. */
    private static final double LEAST_DEGREES = 4;

    /** Pseudo-residuals beyond this many standard deviations are labelled. */
    private static final double OUTLIER = 6;

    private final @Nullable Noise noise;
    private final List<ScalingFit.Label> outliers = new ArrayList<>();

    private PseudoResiduals(@Nullable Noise noise) {
        this.noise = noise;
    }

    static PseudoResiduals of(List<IsoflopProfile> profiles) {
        List<Double> sizes = new ArrayList<>();
        for (IsoflopProfile profile : profiles) {
            for (int i = 0; i + 3 < profile.sizes(); i++) {
                sizes.add(Math.abs(residual(profile, i)));
            }
        }
        double[] sorted =
                sizes.stream().mapToDouble(Double::doubleValue).sorted().toArray();
        PseudoResiduals result = new PseudoResiduals(
                sorted.length == 0
                        ? null
                        : new Noise(
                                median(sorted) / NORMAL_MEDIAN,
                                Math.max(LEAST_DEGREES, MEDIAN_EFFICIENCY * sorted.length),
                                "from third differences of the profiles"));
        profiles.forEach(result::label);
        return result;
    }

    private static double median(double[] sorted) {
        int half = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
    }

    /** The noise of a value; null when no budget has four sizes. */
    @Nullable
    Noise noise() {
        return noise;
    }

    /** Runs that stand apart from their neighbours. */
    List<ScalingFit.Label> outliers() {
        return outliers;
    }

    /** A size stands apart when it is the one that, left out, makes its budget smooth again. */
    private void label(IsoflopProfile profile) {
        int n = profile.sizes();
        double limit = noise == null ? 0 : OUTLIER * noise.deviation();
        if (n < 6 || limit == 0 || roughness(profile, -1) <= limit) {
            return;
        }
        int culprit = -1;
        double smoothest = limit;
        for (int i = 1; i + 1 < n; i++) {
            double rest = roughness(profile, i);
            if (rest < smoothest) {
                smoothest = rest;
                culprit = i;
            }
        }
        if (culprit >= 0) {
            profile.rows.get(culprit).forEach(row -> outliers.add(new ScalingFit.Label(row, "outlier")));
        }
    }

    private static double roughness(IsoflopProfile profile, int without) {
        double[] x = without(profile.logN, without);
        double[] y = without(profile.scaled, without);
        double largest = 0;
        for (int i = 0; i + 3 < x.length; i++) {
            largest = Math.max(largest, Math.abs(residual(x, y, i)));
        }
        return largest;
    }

    private static double[] without(double[] values, int index) {
        if (index < 0) {
            return values;
        }
        double[] rest = Arrays.copyOf(values, values.length - 1);
        System.arraycopy(values, index + 1, rest, index, rest.length - index);
        return rest;
    }

    private static double residual(IsoflopProfile profile, int from) {
        return residual(profile.logN, profile.scaled, from);
    }

    /** The third divided difference of four neighbours, scaled to unit variance for unit noise. */
    private static double residual(double[] x, double[] y, int from) {
        double sum = 0;
        double squares = 0;
        for (int i = from; i < from + 4; i++) {
            double weight = 1;
            for (int j = from; j < from + 4; j++) {
                weight = j == i ? weight : weight / (x[i] - x[j]);
            }
            sum += weight * y[i];
            squares += weight * weight;
        }
        return sum / Math.sqrt(squares);
    }
}

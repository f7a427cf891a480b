package org.isofleet.metrics.scaling;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * How much a run varies.
 *
 * @param deviation standard deviation of the metric of one run, on the metric's scale
 * @param degrees of freedom that it rests on; infinite when it is taken as known
 * @param source where it comes from, for people
 */
record Noise(double deviation, double degrees, String source) {
    /** The deviation of a deviation that rests on four repeats is about a third of it; with fewer the profiles tell more. */
    private static final int LEAST_REPEATS = 4;

    /** Three cells whose budgets span at least this share of the range, in logarithms, tell the noise of all. */
    private static final int LEAST_CELLS = 3;

    private static final double LEAST_SPAN = 0.5;

    /** From so many repeats on the noise between runs stands for itself. */
    private static final double MANY_DEGREES = 20;

    /** With so many degrees a draw differs from the deviation by less than five percent. */
    private static final double CERTAIN_DEGREES = 200;

    /** What is known without a model of the profiles: as measured by the user, or between several runs (seeds) of a cell; else null. */
    static @Nullable Noise measured(FitRequest request, MetricScale scale) {
        Double told = request.noise();
        return told != null
                ? new Noise(told, Double.POSITIVE_INFINITY, "as measured")
                : betweenRuns(request.points(), scale);
    }

    /** Pooled over the cells. The same run twice is no repeat. */
    private static @Nullable Noise betweenRuns(List<Observation> points, MetricScale scale) {
        Map<List<Double>, Set<Double>> cells = new LinkedHashMap<>();
        for (Observation point : points) {
            cells.computeIfAbsent(List.of(point.budgetFlops(), point.params()), cell -> new TreeSet<>())
                    .add(scale.to(point.metric()));
        }
        double squares = 0;
        int repeats = 0;
        List<Double> repeated = new ArrayList<>();
        for (Map.Entry<List<Double>, Set<Double>> cell : cells.entrySet()) {
            Set<Double> runs = cell.getValue();
            double mean = runs.stream().mapToDouble(value -> value).average().orElseThrow();
            for (double value : runs) {
                squares += (value - mean) * (value - mean);
            }
            repeats += runs.size() - 1;
            if (runs.size() > 1) {
                repeated.add(Math.log(cell.getKey().get(0)));
            }
        }
        if (repeats < LEAST_REPEATS) {
            return null;
        }
        double all = extent(
                points.stream().map(point -> Math.log(point.budgetFlops())).toList());
        boolean spanning = repeated.size() >= LEAST_CELLS && extent(repeated) >= LEAST_SPAN * all;
        return new Noise(
                Math.sqrt(squares / repeats),
                repeats,
                "between runs of a cell, from " + repeats + " repeats of " + repeated.size() + " cells"
                        + (spanning ? "" : ", which do not span the budgets"));
    }

    private static double extent(List<Double> values) {
        return Collections.max(values) - Collections.min(values);
    }

    /**
     * A deviation as it may be, given the one that was found: {@code deviation sqrt(degrees / chi^2)}. Intervals of draws with it are as wide as
     * Student's t has them; with the found one alone, six repeats would leave out an eighth of the truths instead of a twentieth.
     */
    double draw(Random random) {
        if (degrees > CERTAIN_DEGREES) {
            return deviation;
        }
        double squares = 0;
        int whole = Math.max(1, (int) Math.round(degrees));
        for (int i = 0; i < whole; i++) {
            double normal = random.nextGaussian();
            squares += normal * normal;
        }
        return deviation * Math.sqrt(whole / squares);
    }

    /**
     * This noise and that which a fit leaves, together when this one rests on few repeats: both estimate the same, and a study of three cells with
     * three seeds has but six degrees of its own.
     *
     * @param left what the fit leaves
     * @param includesRepeats whether {@code left} holds this one already, as the residuals of a surface do
     */
    Noise pooled(@Nullable Noise left, boolean includesRepeats) {
        if (left == null || degrees >= MANY_DEGREES) {
            return this;
        }
        double all = includesRepeats ? left.degrees : degrees + left.degrees;
        double squares = includesRepeats
                ? left.deviation * left.deviation
                : (degrees * deviation * deviation + left.degrees * left.deviation * left.deviation) / all;
        return new Noise(Math.sqrt(squares), all, source + " and " + left.source);
    }

    /** As the answer tells it. */
    String description(MetricScale scale) {
        return String.format(Locale.ROOT, "%s %.2g %s", scale.noiseUnit(), deviation, source);
    }
}

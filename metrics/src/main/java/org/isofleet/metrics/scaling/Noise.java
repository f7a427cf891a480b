package org.isofleet.metrics.scaling;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * How much a run varies.
 *
 * @param deviation standard deviation of the metric of one run, on the metric's scale
 * @param source where it comes from, for people
 */
record Noise(double deviation, String source) {
    /** The deviation of a deviation that rests on four repeats is about a third of it; with fewer the profiles tell more. */
    private static final int LEAST_REPEATS = 4;

    /** What is known without a model of the profiles: as measured by the user, or between several runs (seeds) of a cell; else null. */
    static @Nullable Noise measured(FitRequest request, MetricScale scale) {
        Double told = request.noise();
        return told != null ? new Noise(told, "as measured") : betweenRuns(request.points(), scale);
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
        for (Set<Double> runs : cells.values()) {
            double mean = runs.stream().mapToDouble(value -> value).average().orElseThrow();
            for (double value : runs) {
                squares += (value - mean) * (value - mean);
            }
            repeats += runs.size() - 1;
        }
        return repeats < LEAST_REPEATS
                ? null
                : new Noise(Math.sqrt(squares / repeats), "between runs of a cell, from " + repeats + " repeats");
    }

    /** As the answer tells it. */
    String description(MetricScale scale) {
        return String.format(Locale.ROOT, "%s %.2g %s", scale.noiseUnit(), deviation, source);
    }
}

package org.isofleet.metrics.scaling;

import static org.isofleet.protocol.study.Requirement.require;
import static org.isofleet.protocol.study.Requirement.requirePositive;

import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.isofleet.protocol.study.ModelShape;
import org.jspecify.annotations.Nullable;

/**
 * What to fit.
 *
 * @param group values of the grouping columns, handed through to the answer
 * @param points finished runs, in any order
 * @param direction whether the metric is to be small or large
 * @param bootstrap draws of the parametric bootstrap; 0 for none
 * @param seed of the draws
 * @param level of the intervals
 * @param noise measured standard deviation of the metric between seeds, relative when the metric is minimised and positive; null
 *     to estimate it from the points
 * @param extrapolateFlops budget at which the laws are read off; null for none
 * @param shapes model sizes of the study, all at one resolution, for other counts of parameters and FLOPs; empty when unknown
 */
public record FitRequest(
        Map<String, String> group,
        List<Observation> points,
        FitMethod method,
        MetricDirection direction,
        int bootstrap,
        long seed,
        double level,
        @Nullable Double noise,
        @Nullable Double extrapolateFlops,
        List<ModelShape> shapes) {
    private static final Comparator<Observation> IN_PLACE = Comparator.comparingDouble(Observation::budgetFlops)
            .thenComparingDouble(Observation::params)
            .thenComparingDouble(Observation::tokens)
            .thenComparingDouble(Observation::metric);

    public FitRequest {
        group = Collections.unmodifiableMap(new LinkedHashMap<>(group)); // keeps the order of the columns
        points = points.stream().sorted(IN_PLACE).toList(); // so that the draws of a seed do not depend on their order
        shapes = List.copyOf(shapes);
        require(bootstrap >= 0 && bootstrap <= 100_000, "bootstrap must be 0 to 100000 draws, not %d", bootstrap);
        require(level > 0 && level < 1, "the level of intervals must lie between 0 and 1, not %s", level);
        if (noise != null) {
            requirePositive(noise, "noise");
        }
        if (extrapolateFlops != null) {
            requirePositive(extrapolateFlops, "the budget to extrapolate to");
        }
    }

    /** A fit with 200 draws, seed 1, 95 % intervals and noise from the points. */
    public static FitRequest of(List<Observation> points, FitMethod method, MetricDirection direction) {
        return new FitRequest(Map.of(), points, method, direction, 200, 1, 0.95, null, null, List.of());
    }

    public FitRequest withGroup(Map<String, String> values) {
        return new FitRequest(
                values, points, method, direction, bootstrap, seed, level, noise, extrapolateFlops, shapes);
    }

    public FitRequest withBootstrap(int draws) {
        return new FitRequest(group, points, method, direction, draws, seed, level, noise, extrapolateFlops, shapes);
    }

    public FitRequest withNoise(double measured) {
        return new FitRequest(
                group, points, method, direction, bootstrap, seed, level, measured, extrapolateFlops, shapes);
    }

    public FitRequest withExtrapolation(double budgetFlops) {
        return new FitRequest(group, points, method, direction, bootstrap, seed, level, noise, budgetFlops, shapes);
    }

    public FitRequest withMethod(FitMethod other) {
        return new FitRequest(group, points, other, direction, bootstrap, seed, level, noise, extrapolateFlops, shapes);
    }

    FitRequest withPoints(List<Observation> others) {
        return new FitRequest(
                group, others, method, direction, bootstrap, seed, level, noise, extrapolateFlops, shapes);
    }

    FitRequest withSeed(long other) {
        return new FitRequest(
                group, points, method, direction, bootstrap, other, level, noise, extrapolateFlops, shapes);
    }

    FitRequest withoutExtrapolation() {
        return new FitRequest(group, points, method, direction, bootstrap, seed, level, noise, null, shapes);
    }

    public FitRequest withShapes(List<ModelShape> known) {
        return new FitRequest(group, points, method, direction, bootstrap, seed, level, noise, extrapolateFlops, known);
    }
}

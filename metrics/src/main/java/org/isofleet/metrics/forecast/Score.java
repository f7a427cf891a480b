package org.isofleet.metrics.forecast;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.isofleet.metrics.scaling.Observation;
import org.isofleet.metrics.scaling.ProfileVertex;
import org.isofleet.protocol.study.InvalidSpecException;
import org.jspecify.annotations.Nullable;

/**
 * How a forecast did. The metric is that of the size nearest to the predicted one, the mean over its seeds.
 *
 * @param params N of that size
 * @param seeds runs of it
 * @param measured their mean
 * @param relativeError of the prediction, {@code predicted / measured - 1}
 * @param shareOfGain error over the gain from the optimum at the largest fitted budget to what was measured; null without a gain
 * @param insideInterval whether what was measured lies in the interval of the metric
 * @param halfWidth of that interval over the prediction
 * @param vertexParams N of the best size by a parabola in log N through three sizes or more; null when {@code unresolved}
 * @param vertexInside whether it lies in the interval of N; null when {@code unresolved}
 * @param unresolved why there is no best size
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Score(
        double params,
        int seeds,
        double measured,
        @JsonProperty("relative_error") double relativeError,
        @JsonProperty("share_of_gain") @Nullable Double shareOfGain,
        @JsonProperty("inside_interval") boolean insideInterval,
        @JsonProperty("half_width") double halfWidth,
        @JsonProperty("vertex_params") @Nullable Double vertexParams,
        @JsonProperty("vertex_inside") @Nullable Boolean vertexInside,
        @Nullable String unresolved) {
    /** Sizes come in steps; further from the predicted one a run is not at the optimum any more. */
    private static final double NEAR = Math.log(1.5);

    private static final double SAME_BUDGET = 0.05;

    /**
     * Scores a forecast.
     *
     * @param runs of any budget; those at that of the forecast count
     * @throws InvalidSpecException when none of them checks it
     */
    public static Score of(Forecast forecast, List<Observation> runs) {
        List<Observation> at = atBudget(forecast, runs);
        Map<Double, List<Observation>> sizes =
                at.stream().collect(Collectors.groupingBy(Observation::params, TreeMap::new, Collectors.toList()));
        double predicted = Math.log(forecast.params().value());
        double nearest = sizes.keySet().stream()
                .min(Comparator.comparingDouble(size -> Math.abs(Math.log(size) - predicted)))
                .orElseThrow(() -> new InvalidSpecException("no run has the forecast's budget of "
                        + forecast.budgetFlops() + " FLOPs; name the study folder or the CSV file of the check runs"));
        if (Math.abs(Math.log(nearest) - predicted) > NEAR) {
            throw new InvalidSpecException(String.format(
                    Locale.ROOT,
                    "no run is near the predicted optimum of %.4g parameters; the nearest has %.4g",
                    forecast.params().value(),
                    nearest));
        }
        double measured = mean(sizes.getOrDefault(nearest, List.of()));
        double value = forecast.value().value();
        double gain = Math.abs(forecast.valueAtLargest() - measured);
        Vertex vertex = Vertex.of(sizes, forecast.maximised());
        return new Score(
                nearest,
                sizes.getOrDefault(nearest, List.of()).size(),
                measured,
                value / measured - 1,
                gain > 0 ? (Double) (Math.abs(value - measured) / gain) : null,
                forecast.value().low() <= measured
                        && measured <= forecast.value().high(),
                (forecast.value().high() - forecast.value().low()) / 2 / Math.abs(value),
                vertex.params(),
                vertex.params() == null
                        ? null
                        : (Boolean) (forecast.params().low() <= vertex.params()
                                && vertex.params() <= forecast.params().high()),
                vertex.unresolved());
    }

    /** The runs of a forecast's budget; whole steps make a run's own a little smaller or larger. */
    static List<Observation> atBudget(Forecast forecast, List<Observation> runs) {
        return runs.stream()
                .filter(run -> Math.abs(run.budgetFlops() / forecast.budgetFlops() - 1) < SAME_BUDGET)
                .toList();
    }

    private static double mean(List<Observation> runs) {
        return runs.stream().mapToDouble(Observation::metric).average().orElseThrow();
    }

    private record Vertex(@Nullable Double params, @Nullable String unresolved) {
        static Vertex of(Map<Double, List<Observation>> sizes, boolean maximised) {
            if (sizes.size() < 3) {
                return new Vertex(null, sizes.size() + " sizes; three tell where the best one lies");
            }
            double[] values = sizes.values().stream()
                    .mapToDouble(runs -> maximised ? -mean(runs) : mean(runs))
                    .toArray();
            double vertex = ProfileVertex.of(
                    sizes.keySet().stream().mapToDouble(size -> size).toArray(), values);
            return Double.isNaN(vertex)
                    ? new Vertex(null, "the best size lies on an edge of those tried")
                    : new Vertex(vertex, null);
        }
    }
}

package org.isofleet.metrics.forecast;

import static org.isofleet.protocol.study.Requirement.require;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.isofleet.metrics.scaling.Interval;
import org.isofleet.metrics.scaling.Observation;
import org.isofleet.metrics.scaling.ScalingFit;
import org.isofleet.protocol.study.InvalidSpecException;
import org.jspecify.annotations.Nullable;

/**
 * What the laws say of a budget that nobody has paid for yet.
 *
 * @param sealedAt when it was made
 * @param metric what it tells of
 * @param maximised whether large values of it are good
 * @param group of the points, as the resolution
 * @param budgetFlops of the check run
 * @param method that made it, with its status and, unless it is ok, the reason
 * @param params N of the optimum
 * @param tokens D of the optimum
 * @param value of the metric at the optimum; the interval is that of the law, a single run has its seed noise on top
 * @param form which law the metric follows
 * @param beside the metric by another law; null when there is none
 * @param nExponent of the law for N
 * @param largestBudget that the laws rest on
 * @param valueAtLargest the metric at its optimum, from which the gain is counted
 * @param points how many runs the laws rest on
 * @param dataSha256 of these runs, see {@link DataHash}
 * @param uncertainty how the intervals were made
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Forecast(
        @JsonProperty("sealed_at") Instant sealedAt,
        String metric,
        boolean maximised,
        Map<String, String> group,
        @JsonProperty("budget_flops") double budgetFlops,
        String method,
        String status,
        @Nullable String reason,
        Interval params,
        Interval tokens,
        Interval value,
        String form,
        @Nullable Interval beside,
        @JsonProperty("beside_form") @Nullable String besideForm,
        @JsonProperty("n_exponent") Interval nExponent,
        @JsonProperty("largest_budget") double largestBudget,
        @JsonProperty("value_at_largest") double valueAtLargest,
        int points,
        @JsonProperty("data_sha256") String dataSha256,
        @Nullable String uncertainty) {
    public Forecast {
        group = Collections.unmodifiableMap(new LinkedHashMap<>(group)); // keeps the order of the columns
        require(budgetFlops > largestBudget, "a forecast is of a budget above those it rests on");
    }

    /**
     * The forecast that follows from a fit which was extrapolated.
     *
     * @param points that were fitted
     * @throws InvalidSpecException when the fit was refused, tells no metric, or the points reach the budget already
     */
    public static Forecast of(
            Instant now, String metric, boolean maximised, ScalingFit fit, Iterable<Observation> points) {
        ScalingFit.Extrapolation far = fit.extrapolated();
        if (far == null || fit.nExponent() == null || far.metric() == null) {
            throw new InvalidSpecException("no forecast of the " + metric + named(fit.group()) + ": its fit by "
                    + fit.method() + " is refused (" + fit.reason() + "); train more cells or choose another --method");
        }
        for (Observation point : points) {
            if (point.budgetFlops() >= far.budgetFlops()) {
                throw new InvalidSpecException(
                        "no forecast of " + far.budgetFlops() + " FLOPs" + named(fit.group()) + ": point "
                                + point.label() + " has " + point.budgetFlops()
                                + " already, and a forecast is sealed before; give a larger --budget");
            }
        }
        ScalingFit.Optimum largest = fit.optima().stream()
                .filter(ScalingFit.Optimum::used)
                .reduce((a, b) -> b.budgetFlops() > a.budgetFlops() ? b : a)
                .orElseThrow();
        return new Forecast(
                now,
                metric,
                maximised,
                fit.group(),
                far.budgetFlops(),
                fit.method(),
                fit.status(),
                fit.reason(),
                far.params(),
                far.tokens(),
                far.metric(),
                String.valueOf(far.metricForm()),
                far.metricBeside(),
                far.metricBesideForm(),
                fit.nExponent(),
                largest.budgetFlops(),
                largest.metric(),
                fit.points(),
                DataHash.of(metric, fit.group(), points),
                fit.uncertainty());
    }

    private static String named(Map<String, String> group) {
        return group.isEmpty() ? "" : " at " + group;
    }

    /** Whether it is of the same quantity: a second forecast of it does not count. */
    boolean sameQuestion(Forecast other) {
        return metric.equals(other.metric)
                && group.equals(other.group)
                && Math.abs(budgetFlops / other.budgetFlops - 1) < 1e-9;
    }
}

package org.isofleet.metrics.scaling;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The answer of one fit over one group of points; the same record is shown, streamed and printed as JSON. Fields that a method
 * does not have are null and left out.
 *
 * @param group values of the grouping columns
 * @param method {@code akima}, {@code local-parabola}, {@code parabola}, {@code huber} or {@code vpnls}
 * @param status {@code ok}, {@code indicative} or {@code refused}
 * @param reason why it is not {@code ok}
 * @param nExponent a of {@code N_opt = coefficient C^a}
 * @param dExponent b of {@code D_opt = coefficient C^b}
 * @param r2 of the power law for N in logarithms
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ScalingFit(
        Map<String, String> group,
        String method,
        String status,
        @Nullable String reason,
        @JsonProperty("n_exponent") @Nullable Interval nExponent,
        @JsonProperty("d_exponent") @Nullable Interval dExponent,
        @JsonProperty("n_coefficient") @Nullable Interval nCoefficient,
        @JsonProperty("d_coefficient") @Nullable Interval dCoefficient,
        @Nullable Double r2,
        List<Optimum> optima,
        @Nullable Parametric parametric,
        @Nullable Extrapolation extrapolated,
        List<Label> labels) {
    public ScalingFit {
        group = Map.copyOf(group);
        optima = List.copyOf(optima);
        labels = List.copyOf(labels);
    }

    /** The optimum of one budget; {@code used} says whether the power law rests on it, {@code reason} why not. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Optimum(
            @JsonProperty("budget_flops") double budgetFlops,
            double params,
            double tokens,
            double metric,
            boolean used,
            @Nullable String reason) {}

    /** L(N, D) = E + A N^-alpha + B D^-beta. */
    public record Parametric(
            @JsonProperty("E") double e,
            @JsonProperty("A") double a,
            @JsonProperty("B") double b,
            double alpha,
            double beta,
            double objective) {}

    /** What the laws say at another budget. */
    public record Extrapolation(
            @JsonProperty("budget_flops") double budgetFlops,
            Interval params,
            Interval tokens,
            @Nullable Interval metric) {}

    /** A remark on a point: outlier, duplicate and the like. */
    public record Label(String row, String label) {}
}

package org.isofleet.metrics.scaling;

import static org.isofleet.protocol.study.Requirement.require;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Collections;
import java.util.LinkedHashMap;
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
 * @param r2 share of the variance explained: of log N_opt by the power law, or of the metric by a parametric surface
 * @param accounting exponents and optima under other counts of parameters and FLOPs; null when the sizes of the models are unknown
 * @param points how many the fit had
 * @param uncertainty how the intervals were made: kind of bootstrap, draws, seed and noise; null when none was asked for
 * @param robustness what an interval of noise cannot tell; null when none was asked for, and in answers of versions that made none
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
        @Nullable Accounting accounting,
        List<Label> labels,
        int points,
        @Nullable String uncertainty,
        @Nullable Robustness robustness) {
    public ScalingFit {
        require(
                List.of("ok", "indicative", "refused").contains(status),
                "a fit is ok, indicative or refused, not '%s'",
                status);
        require(status.equals("ok") || reason != null, "a fit that is not ok needs a reason");
        group = Collections.unmodifiableMap(new LinkedHashMap<>(group)); // keeps the order of the columns
        optima = List.copyOf(optima);
        labels = List.copyOf(labels);
    }

    /** The same fit of a group named differently. */
    public ScalingFit withGroup(Map<String, String> values) {
        return with(values, robustness);
    }

    ScalingFit withRobustness(Robustness found) {
        return with(group, found);
    }

    private ScalingFit with(Map<String, String> newGroup, @Nullable Robustness newRobustness) {
        return new ScalingFit(
                newGroup,
                method,
                status,
                reason,
                nExponent,
                dExponent,
                nCoefficient,
                dCoefficient,
                r2,
                optima,
                parametric,
                extrapolated,
                accounting,
                labels,
                points,
                uncertainty,
                newRobustness);
    }

    /**
     * The optimum of one budget; {@code used} says whether the power law rests on it, {@code reason} why not.
     *
     * @param paramsByLaw what the power law for N says at this budget, with its interval; null when there is no law
     * @param tokensByLaw the same for D
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Optimum(
            @JsonProperty("budget_flops") double budgetFlops,
            double params,
            double tokens,
            double metric,
            boolean used,
            @Nullable String reason,
            @JsonProperty("params_by_law") @Nullable Interval paramsByLaw,
            @JsonProperty("tokens_by_law") @Nullable Interval tokensByLaw) {
        public Optimum(
                double budgetFlops,
                double params,
                double tokens,
                double metric,
                boolean used,
                @Nullable String reason) {
            this(budgetFlops, params, tokens, metric, used, reason, null, null);
        }

        Optimum withLaws(Interval paramsByLaw, Interval tokensByLaw) {
            return new Optimum(budgetFlops, params, tokens, metric, used, reason, paramsByLaw, tokensByLaw);
        }
    }

    /** Whether exponents stand in it. */
    public boolean usable() {
        return !status.equals("refused");
    }

    /**
     * L(N, D) = E + A N^-alpha + B D^-beta; A and B are negative when the metric is maximised.
     *
     * @param objective mean squared relative error (vpnls; plain error when the metric is maximised) or summed Huber loss (huber)
     * @param intervals of the five; null in answers of versions that made none
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Parametric(
            @JsonProperty("E") double e,
            @JsonProperty("A") double a,
            @JsonProperty("B") double b,
            double alpha,
            double beta,
            double objective,
            @Nullable SurfaceIntervals intervals) {}

    /** The unknowns of a surface, each with what the bootstrap leaves open. They go together: a larger E has a larger alpha. */
    public record SurfaceIntervals(
            @JsonProperty("E") Interval e,
            @JsonProperty("A") Interval a,
            @JsonProperty("B") Interval b,
            Interval alpha,
            Interval beta) {}

    /**
     * What the laws say at another budget.
     *
     * @param metricForm which law the metric follows; the affine one is unbounded
     * @param metricBeside the metric by another law: the bounded one where the first has no bound, the affine one of the paper else
     * @param metricBesideForm which
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Extrapolation(
            @JsonProperty("budget_flops") double budgetFlops,
            Interval params,
            Interval tokens,
            @Nullable Interval metric,
            @JsonProperty("metric_form") @Nullable String metricForm,
            @JsonProperty("metric_beside") @Nullable Interval metricBeside,
            @JsonProperty("metric_beside_form") @Nullable String metricBesideForm) {}

    /** A remark on a point: outlier, duplicate and the like. */
    public record Label(String row, String label) {}
}

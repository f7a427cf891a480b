package org.isofleet.metrics.scaling;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The optima of a fit under other counts of parameters and of FLOPs.
 *
 * @param nExponents of the same optima, their parameters counted in three ways
 * @param exactFlops the optima when budgets pay for attention too; null for a method without a surface
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Accounting(
        @JsonProperty("n_exponents") Exponents nExponents,
        @JsonProperty("exact_flops") @Nullable ExactFlops exactFlops) {
    /**
     * Exponents a of {@code count ∝ C^a} over the budgets that the law rests on.
     *
     * @param params N: weights in matrix products
     * @param allParams lookup tables and gains too
     * @param bodyParams matrix products of the decoder blocks alone
     */
    public record Exponents(
            Interval params,
            @JsonProperty("all_params") Interval allParams,
            @JsonProperty("body_params") Interval bodyParams) {}

    /**
     * The optimum of the fitted surface where exact FLOPs are the budget. N stays the count of weights in matrix products.
     *
     * @param nExponent slope of log N_opt over the same budgets as above, on which it is no power law any more
     * @param attention attention FLOPs of a token as they were taken between the sizes of the study
     */
    public record ExactFlops(
            @JsonProperty("n_exponent") Interval nExponent,
            @JsonProperty("d_exponent") Interval dExponent,
            Attention attention,
            List<Optimum> optima) {
        public ExactFlops {
            optima = List.copyOf(optima);
        }
    }

    /** {@code coefficient N^exponent}, and how far it is from the sizes of the study at most, as a share of all their FLOPs. */
    public record Attention(
            double coefficient,
            double exponent,
            @JsonProperty("largest_error") double largestError) {}

    /** The optimum of one budget of exact FLOPs. */
    public record Optimum(
            @JsonProperty("budget_flops") double budgetFlops, Interval params, Interval tokens, Interval metric) {}
}

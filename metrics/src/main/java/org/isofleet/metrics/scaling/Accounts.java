package org.isofleet.metrics.scaling;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.DoubleUnaryOperator;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;
import org.isofleet.protocol.study.ModelShape;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the other accounts of a fit. The optimum of a budget is a model and its tokens, whatever is counted in it; so nothing is fitted
 * again, but N_opt(C), of the estimate and of every draw of its bootstrap, is translated size by size.
 */
final class Accounts {
    private final ModelSizes sizes;
    private final double[] budgets;
    private final double[] logBudgets;

    /**
     * @param shapes the sizes of the study
     * @param budgets that the law rests on, at least two
     */
    Accounts(List<ModelShape> shapes, double[] budgets) {
        sizes = ModelSizes.of(shapes);
        this.budgets = budgets;
        logBudgets = Arrays.stream(budgets).map(Math::log).toArray();
    }

    /** The accounts; null when fewer than two sizes of models are known. */
    @Nullable
    Accounting of(Laws laws, Bootstrap bootstrap) {
        if (!sizes.known()) {
            return null;
        }
        return new Accounting(
                new Accounting.Exponents(
                        exponent(ModelShape::params, laws, bootstrap),
                        exponent(ModelShape::allParams, laws, bootstrap),
                        exponent(ModelShape::bodyParams, laws, bootstrap)),
                exact(laws, bootstrap));
    }

    private Interval exponent(ToLongFunction<ModelShape> count, Laws laws, Bootstrap bootstrap) {
        ToDoubleFunction<Laws> exponent = draw -> slope(logC -> sizes.logCount(count, draw.logParamsAt(logC)));
        return bootstrap.around(exponent.applyAsDouble(laws), exponent);
    }

    private Accounting.@Nullable ExactFlops exact(Laws laws, Bootstrap bootstrap) {
        if (laws.surface() == null) {
            return null;
        }
        PowerLaw attention = sizes.attention();
        ToDoubleFunction<Laws> n =
                draw -> slope(logC -> optimum(draw, attention, Math.exp(logC)).logParams());
        ToDoubleFunction<Laws> d =
                draw -> slope(logC -> optimum(draw, attention, Math.exp(logC)).logTokens());
        return new Accounting.ExactFlops(
                bootstrap.around(n.applyAsDouble(laws), n),
                bootstrap.around(d.applyAsDouble(laws), d),
                new Accounting.Attention(attention.coefficient(), attention.exponent(), sizes.largestError(attention)),
                Arrays.stream(budgets)
                        .mapToObj(budget -> optimum(laws, bootstrap, attention, budget))
                        .toList());
    }

    private static Accounting.Optimum optimum(Laws laws, Bootstrap bootstrap, PowerLaw attention, double budget) {
        ExactOptimum best = optimum(laws, attention, budget);
        return new Accounting.Optimum(
                budget,
                bootstrap.around(
                        Math.exp(best.logParams()),
                        draw -> Math.exp(optimum(draw, attention, budget).logParams())),
                bootstrap.around(
                        Math.exp(best.logTokens()),
                        draw -> Math.exp(optimum(draw, attention, budget).logTokens())),
                bootstrap.around(
                        best.metric(), draw -> optimum(draw, attention, budget).metric()));
    }

    private static ExactOptimum optimum(Laws laws, PowerLaw attention, double budget) {
        return ExactOptimum.of(Objects.requireNonNull(laws.surface()), attention, budget);
    }

    private double slope(DoubleUnaryOperator logY) {
        return PowerLaw.through(logBudgets, Arrays.stream(logBudgets).map(logY).toArray())
                .exponent();
    }
}

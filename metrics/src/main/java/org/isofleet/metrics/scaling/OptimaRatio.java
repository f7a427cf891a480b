package org.isofleet.metrics.scaling;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.isofleet.protocol.study.InvalidSpecException;

/**
 * How much larger the optimum of one metric is than that of another at the same compute: the paper's "3-5x" more images for completions than for
 * classification. Noise of the two metrics is taken as independent, which seeds shared by both make too wide rather than too narrow.
 *
 * @param metric of the numerator
 * @param against metric of the denominator
 * @param params ratio of the two N
 * @param tokens ratio of the two D
 */
public record OptimaRatio(
        Map<String, String> group,
        String metric,
        String against,
        @JsonProperty("budget_flops") double budgetFlops,
        Interval params,
        Interval tokens) {
    public OptimaRatio {
        group = Collections.unmodifiableMap(new LinkedHashMap<>(group)); // keeps the order of the columns
    }

    /**
     * The ratio at every budget.
     *
     * @throws InvalidSpecException when a fit is refused
     */
    public static List<OptimaRatio> of(
            String metric, FitRequest request, String against, FitRequest denominator, List<Double> budgets) {
        Fitted above = usable(metric, Fits.fitted(request));
        // Another seed: the same draws of noise for both would be common to them, and cancel.
        Fitted below = usable(against, Fits.fitted(denominator.withSeed(denominator.seed() + 1)));
        List<OptimaRatio> ratios = new ArrayList<>();
        for (double budget : budgets) {
            ratios.add(new OptimaRatio(
                    request.group(),
                    metric,
                    against,
                    budget,
                    ratio(above, below, laws -> laws.paramsAt(budget)),
                    ratio(above, below, laws -> laws.tokensAt(budget))));
        }
        return ratios;
    }

    private static Fitted usable(String metric, Fitted fitted) {
        if (fitted.laws() == null || fitted.bootstrap() == null) {
            throw new InvalidSpecException("no ratio of optima: the fit of " + metric + " is refused ("
                    + fitted.fit().reason() + ")");
        }
        return fitted;
    }

    @SuppressWarnings("NullAway") // usable() has seen to it
    private static Interval ratio(Fitted above, Fitted below, ToDoubleFunction<Laws> optimum) {
        return above.bootstrap()
                .ratio(
                        optimum.applyAsDouble(above.laws()) / optimum.applyAsDouble(below.laws()),
                        below.bootstrap(),
                        optimum);
    }
}

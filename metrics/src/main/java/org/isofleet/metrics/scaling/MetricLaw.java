package org.isofleet.metrics.scaling;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * How the metric at the optimum depends on compute. The affine form is that of the paper's projections; it has no bound, and a forecast far
 * enough out leaves the possible. The others are bounded, each for its kind of metric.
 */
enum MetricLaw {
    /** Linear in log C. */
    AFFINE("affine in log C, unbounded") {
        @Override
        double at(double[] logC, double[] metric, double logBudget) {
            return PowerLaw.through(logC, metric).logAt(logBudget);
        }
    },
    /** A power of C, through the logarithms: for a metric above zero with too few budgets for a floor. */
    POWER("k C^-g, bounded by 0; fewer than five budgets show no floor, and where there is one this is too low") {
        @Override
        double at(double[] logC, double[] metric, double logBudget) {
            double[] logs = Arrays.stream(metric).map(Math::log).toArray();
            return Math.exp(PowerLaw.through(logC, logs).logAt(logBudget));
        }
    },
    /** A power of C above a floor; three unknowns want five budgets. */
    FLOOR("E + k C^-g, bounded by E") {
        @Override
        double at(double[] logC, double[] metric, double logBudget) {
            return FlooredPower.through(logC, metric).at(logBudget);
        }
    },
    /** The odds of an accuracy that is a share of 1 as a power of C. */
    LOGISTIC("logistic in log C, bounded by 1") {
        @Override
        double at(double[] logC, double[] metric, double logBudget) {
            return logistic(logC, metric, logBudget, 1);
        }
    },
    /** The same of an accuracy in percent. */
    LOGISTIC_PERCENT("logistic in log C, bounded by 100 %") {
        @Override
        double at(double[] logC, double[] metric, double logBudget) {
            return logistic(logC, metric, logBudget, 100);
        }
    };

    static final int BUDGETS_FOR_A_FLOOR = 5;

    private final String words;

    MetricLaw(String words) {
        this.words = words;
    }

    /** As the answer tells it. */
    String words() {
        return words;
    }

    /** What the law through optima says at a budget; NaN when it cannot be drawn through them. */
    abstract double at(double[] logC, double[] metric, double logBudget);

    /** The bounded form for optima on a scale; null when their metric has none. */
    static @Nullable MetricLaw bounded(MetricScale scale, double[] metric) {
        double largest = Arrays.stream(metric).max().orElse(Double.NaN);
        double least = Arrays.stream(metric).min().orElse(Double.NaN);
        return switch (scale) {
            case LOG -> metric.length >= BUDGETS_FOR_A_FLOOR ? FLOOR : POWER;
            case NEGATED -> least > 0 && largest < 1 ? LOGISTIC : least > 0 && largest < 100 ? LOGISTIC_PERCENT : null;
            case PLAIN -> null;
        };
    }

    private static double logistic(double[] logC, double[] metric, double logBudget, double ceiling) {
        double[] logits =
                Arrays.stream(metric).map(m -> Math.log(m / (ceiling - m))).toArray();
        return ceiling / (1 + Math.exp(-PowerLaw.through(logC, logits).logAt(logBudget)));
    }
}

package org.isofleet.metrics.scaling;

import org.jspecify.annotations.Nullable;

/**
 * Power laws for N and D, and what they say at the budget to extrapolate to: one estimate, or one draw of a bootstrap.
 *
 * @param logN log of the coefficient for N
 * @param logD log of the coefficient for D
 * @param metricAt metric at the budget to extrapolate to; NaN when none was asked for
 * @param metricBeside the same by another law; NaN when there is none
 * @param surface from which they follow; null when they go through optima of profiles
 */
record Laws(
        double nExponent,
        double logN,
        double dExponent,
        double logD,
        double metricAt,
        double metricBeside,
        @Nullable LossSurface surface) {
    double logParamsAt(double logBudget) {
        return logN + nExponent * logBudget;
    }

    double paramsAt(double budgetFlops) {
        return Math.exp(logParamsAt(Math.log(budgetFlops)));
    }

    double tokensAt(double budgetFlops) {
        return Math.exp(logD + dExponent * Math.log(budgetFlops));
    }

    boolean finite() {
        return Double.isFinite(nExponent + logN + dExponent + logD);
    }
}

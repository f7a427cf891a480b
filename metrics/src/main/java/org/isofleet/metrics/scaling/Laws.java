package org.isofleet.metrics.scaling;

/**
 * Power laws for N and D, and what they say at the budget to extrapolate to: one estimate, or one draw of a bootstrap.
 *
 * @param logN log of the coefficient for N
 * @param logD log of the coefficient for D
 * @param metricAt metric at the budget to extrapolate to; NaN when none was asked for
 */
record Laws(double nExponent, double logN, double dExponent, double logD, double metricAt) {
    double paramsAt(double budgetFlops) {
        return Math.exp(logN + nExponent * Math.log(budgetFlops));
    }

    double tokensAt(double budgetFlops) {
        return Math.exp(logD + dExponent * Math.log(budgetFlops));
    }

    boolean finite() {
        return Double.isFinite(nExponent + logN + dExponent + logD);
    }
}

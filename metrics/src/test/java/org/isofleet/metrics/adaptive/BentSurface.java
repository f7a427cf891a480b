package org.isofleet.metrics.adaptive;

/**
 * {@code L = E + ((A N^-alpha)^(1/bend) + (B D^-beta)^(1/bend))^bend}. With bend 1 it is the surface that is fitted; with another one its
 * profiles are flatter or steeper than any that can be fitted, though the best N is a power law of the budget still: the bracket grows with
 * A^(1/bend) N^(-alpha/bend) + B^(1/bend) D^(-beta/bend), and the best N is that of this sum.
 */
record BentSurface(double e, double a, double b, double alpha, double beta, double bend) {
    double at(double params, double tokens) {
        double bySize = Math.pow(a * Math.pow(params, -alpha), 1 / bend);
        double byTokens = Math.pow(b * Math.pow(tokens, -beta), 1 / bend);
        return e + Math.pow(bySize + byTokens, bend);
    }

    double exponent() {
        return beta / (alpha + beta);
    }

    double bestParams(double budgetFlops) {
        double ratio = alpha / beta * Math.pow(a / b, 1 / bend);
        return Math.pow(ratio, bend / (alpha + beta)) * Math.pow(budgetFlops / 6, exponent());
    }
}

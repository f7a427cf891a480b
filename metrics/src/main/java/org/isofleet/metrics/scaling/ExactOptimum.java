package org.isofleet.metrics.scaling;

/**
 * The lowest point of a surface along a budget of exact FLOPs, {@code C = (6 N + attention(N)) D}.
 *
 * <p>With n = log N and log c(n) the log of the FLOPs a token, the surface along the budget is {@code E + A e^(-alpha n) + B C^-beta
 * c(n)^beta}. Log c is a sum of exponentials in n under a logarithm, hence convex, and so are both terms: the one place where the derivative
 * changes its sign, {@code alpha A N^-alpha = beta B D^-beta dlog c / dn}, is the minimum. It is found by bisection.
 *
 * @param logParams log N there
 * @param logTokens log D there
 * @param metric the surface there
 */
record ExactOptimum(double logParams, double logTokens, double metric) {
    private static final double FLOPS_PER_WEIGHT = 6;

    /** Wider than any model: N from 1 to 1e26. */
    private static final double LARGEST_LOG = 60;

    static ExactOptimum of(LossSurface surface, PowerLaw attention, double budgetFlops) {
        double low = 0;
        double high = LARGEST_LOG;
        for (int i = 0; i < 80; i++) {
            double middle = (low + high) / 2;
            if (falling(surface, attention, budgetFlops, middle)) {
                low = middle;
            } else {
                high = middle;
            }
        }
        double logTokens = Math.log(budgetFlops) - Math.log(flopsPerToken(attention, low));
        return new ExactOptimum(low, logTokens, surface.at(Math.exp(low), Math.exp(logTokens)));
    }

    /** Signs of A and B do not matter: they are the same, and a metric that is maximised is lowest turned round. */
    private static boolean falling(LossSurface surface, PowerLaw attention, double budgetFlops, double logN) {
        double flops = flopsPerToken(attention, logN);
        double share = Math.exp(attention.logAt(logN)) / flops;
        double slope = 1 + share * (attention.exponent() - 1);
        double ofParams = Math.log(surface.alpha() * Math.abs(surface.a())) - surface.alpha() * logN;
        double ofTokens = Math.log(surface.beta() * Math.abs(surface.b()) * slope)
                - surface.beta() * (Math.log(budgetFlops) - Math.log(flops));
        return ofParams > ofTokens;
    }

    private static double flopsPerToken(PowerLaw attention, double logN) {
        return FLOPS_PER_WEIGHT * Math.exp(logN) + Math.exp(attention.logAt(logN));
    }
}

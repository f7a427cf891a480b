package org.isofleet.metrics.scaling;

/** {@code L(N, D) = E + A N^-alpha + B D^-beta} (Hoffmann et al. 2022, approach 3). */
record LossSurface(double e, double a, double b, double alpha, double beta) {
    double at(double params, double tokens) {
        return e + a * Math.pow(params, -alpha) + b * Math.pow(tokens, -beta);
    }

    /**
     * The laws of the best N and D when a budget is {@code flopsPerPair N D}: setting the derivative along that curve to zero
     * gives N = (alpha A / (beta B))^(1/(alpha+beta)) (C / flopsPerPair)^(beta/(alpha+beta)).
     */
    Laws laws(double flopsPerPair, double metricAtFlops) {
        double nExponent = beta / (alpha + beta);
        double logRatio = Math.log(alpha * a / (beta * b)) / (alpha + beta);
        double logN = logRatio - nExponent * Math.log(flopsPerPair);
        double logD = -logRatio - (1 - nExponent) * Math.log(flopsPerPair);
        Laws laws = new Laws(nExponent, logN, 1 - nExponent, logD, Double.NaN, Double.NaN, this);
        double metric = at(laws.paramsAt(metricAtFlops), laws.tokensAt(metricAtFlops));
        return new Laws(nExponent, logN, 1 - nExponent, logD, metric, Double.NaN, this);
    }
}

package org.isofleet.metrics.scaling;

/**
 * {@code E + k C^-g} with E, k and g above zero, by least squares of relative errors: for given g the other two are linear and solved exactly,
 * and what remains is a search over one exponent, a grid in its logarithm and then golden section about its best node.
 *
 * @param e the floor; 0 when the optima show none
 * @param k at the mean of log C
 * @param meanLogC what C is counted from
 */
record FlooredPower(double e, double k, double g, double meanLogC, double objective) {
    /** The curvature of slower powers is lost in any noise; faster ones have ended before the next budget. */
    private static final double LEAST = 0.005;

    private static final double LARGEST = 2;
    private static final int NODES = 40;
    private static final double GOLDEN = (Math.sqrt(5) - 1) / 2;

    static FlooredPower through(double[] logC, double[] metric) {
        double mean = 0;
        for (double log : logC) {
            mean += log / logC.length;
        }
        double step = Math.log(LARGEST / LEAST) / (NODES - 1);
        FlooredPower best = given(LEAST, logC, metric, mean);
        for (int i = 1; i < NODES; i++) {
            best = better(best, given(LEAST * Math.exp(step * i), logC, metric, mean));
        }
        double low = Math.max(Math.log(LEAST), Math.log(best.g) - step);
        double high = Math.min(Math.log(LARGEST), Math.log(best.g) + step);
        for (int i = 0; i < 60; i++) {
            double left = high - GOLDEN * (high - low);
            double right = low + GOLDEN * (high - low);
            FlooredPower atLeft = given(Math.exp(left), logC, metric, mean);
            FlooredPower atRight = given(Math.exp(right), logC, metric, mean);
            if (atLeft.objective <= atRight.objective) {
                high = right;
            } else {
                low = left;
            }
            best = better(better(best, atLeft), atRight);
        }
        return best;
    }

    private static FlooredPower better(FlooredPower a, FlooredPower b) {
        return b.objective < a.objective ? b : a;
    }

    double at(double logBudget) {
        return e + k * Math.exp(-g * (logBudget - meanLogC));
    }

    /** Weighted regression on the power; without a floor where one below zero, or a rising curve, would fit best. */
    private static FlooredPower given(double g, double[] logC, double[] metric, double mean) {
        double w = 0;
        double wx = 0;
        double wy = 0;
        double wxx = 0;
        double wxy = 0;
        for (int i = 0; i < logC.length; i++) {
            double weight = 1 / (metric[i] * metric[i]);
            double x = Math.exp(-g * (logC[i] - mean));
            w += weight;
            wx += weight * x;
            wy += weight * metric[i];
            wxx += weight * x * x;
            wxy += weight * x * metric[i];
        }
        double k = (wxy - wx * wy / w) / (wxx - wx * wx / w);
        double e = (wy - k * wx) / w;
        if (k < 0) {
            k = 0;
            e = wy / w;
        } else if (e < 0) {
            e = 0;
            k = wxy / wxx;
        }
        FlooredPower law = new FlooredPower(e, k, g, mean, 0);
        double squares = 0;
        for (int i = 0; i < logC.length; i++) {
            double error = law.at(logC[i]) / metric[i] - 1;
            squares += error * error;
        }
        return new FlooredPower(e, k, g, mean, squares);
    }
}

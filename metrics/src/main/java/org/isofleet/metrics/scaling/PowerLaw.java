package org.isofleet.metrics.scaling;

/**
 * {@code y = coefficient x^exponent} by least squares in logarithms, all points of equal weight.
 *
 * @param logCoefficient natural logarithm of the coefficient
 * @param r2 share of the variance of log y that is explained
 */
public record PowerLaw(double exponent, double logCoefficient, double r2) {
    /** Through points, at least two places among them. */
    public static PowerLaw through(double[] logX, double[] logY) {
        int n = logX.length;
        double meanX = 0;
        double meanY = 0;
        for (int i = 0; i < n; i++) {
            meanX += logX[i] / n;
            meanY += logY[i] / n;
        }
        double xx = 0;
        double xy = 0;
        double yy = 0;
        for (int i = 0; i < n; i++) {
            double dx = logX[i] - meanX;
            double dy = logY[i] - meanY;
            xx += dx * dx;
            xy += dx * dy;
            yy += dy * dy;
        }
        double exponent = xy / xx;
        return new PowerLaw(exponent, meanY - exponent * meanX, yy == 0 ? 1 : xy * xy / (xx * yy));
    }

    /** Log of y at the log of x. */
    public double logAt(double logX) {
        return logCoefficient + exponent * logX;
    }

    double coefficient() {
        return Math.exp(logCoefficient);
    }
}

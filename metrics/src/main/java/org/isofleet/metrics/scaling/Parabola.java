package org.isofleet.metrics.scaling;

/**
 * Least-squares parabola, by polynomials that are orthogonal on the given places.
 *
 * @param level mean of the values
 * @param slope coefficient of {@code p1 = x - center}
 * @param curvature coefficient of {@code p2 = p1^2 - skew p1 - spread}
 * @param center mean of the places
 * @param skew makes p2 orthogonal to p1
 * @param spread makes p2 orthogonal to 1
 * @param curvaturePerNoise standard error of the curvature for values with unit noise
 */
record Parabola(
        double level,
        double slope,
        double curvature,
        double center,
        double skew,
        double spread,
        double curvaturePerNoise) {
    static Parabola through(double[] x, double[] y) {
        int n = x.length;
        double center = 0;
        double level = 0;
        for (int i = 0; i < n; i++) {
            center += x[i] / n;
            level += y[i] / n;
        }
        double second = 0;
        double third = 0;
        double product = 0;
        for (int i = 0; i < n; i++) {
            double p1 = x[i] - center;
            second += p1 * p1;
            third += p1 * p1 * p1;
            product += p1 * y[i];
        }
        double skew = third / second;
        double spread = second / n;
        double norm = 0;
        double bend = 0;
        for (int i = 0; i < n; i++) {
            double p1 = x[i] - center;
            double p2 = p1 * p1 - skew * p1 - spread;
            norm += p2 * p2;
            bend += p2 * y[i];
        }
        return new Parabola(level, product / second, bend / norm, center, skew, spread, 1 / Math.sqrt(norm));
    }

    double at(double x) {
        double p1 = x - center;
        return level + slope * p1 + curvature * (p1 * p1 - skew * p1 - spread);
    }

    /** Where the derivative is zero. */
    double vertex() {
        return center + (skew - slope / curvature) / 2;
    }
}

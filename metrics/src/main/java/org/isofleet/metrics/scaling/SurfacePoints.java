package org.isofleet.metrics.scaling;

import java.util.List;

/**
 * Points as the surface fits take them: sizes and tokens about their geometric means, so that powers stay near 1, and the metric
 * with its sign such that small is good. Arrays are never changed.
 */
final class SurfacePoints {
    final double[] logN;
    final double[] logD;
    final double[] value;
    /** Inverse of the expected error of each point, up to a factor. */
    final double[] weight;

    private final double centerN;
    private final double centerD;
    /** Whether the sign of the metric was turned; the asymptote may then have any sign. */
    final boolean negated;

    private SurfacePoints(
            double[] logN,
            double[] logD,
            double[] value,
            double[] weight,
            double centerN,
            double centerD,
            boolean negated) {
        this.logN = logN;
        this.logD = logD;
        this.value = value;
        this.weight = weight;
        this.centerN = centerN;
        this.centerD = centerD;
        this.negated = negated;
    }

    static SurfacePoints of(List<Observation> points, MetricScale scale) {
        int n = points.size();
        double[] logN = points.stream().mapToDouble(p -> Math.log(p.params())).toArray();
        double[] logD = points.stream().mapToDouble(p -> Math.log(p.tokens())).toArray();
        double centerN = center(logN);
        double centerD = center(logD);
        boolean negated = scale == MetricScale.NEGATED;
        double[] value = points.stream()
                .mapToDouble(p -> negated ? -p.metric() : p.metric())
                .toArray();
        double[] weight = new double[n];
        for (int i = 0; i < n; i++) {
            weight[i] = scale == MetricScale.LOG ? 1 / value[i] : 1;
        }
        return new SurfacePoints(logN, logD, value, weight, centerN, centerD, negated);
    }

    private static double center(double[] logs) {
        double sum = 0;
        for (double log : logs) {
            sum += log;
        }
        double center = sum / logs.length;
        for (int i = 0; i < logs.length; i++) {
            logs[i] -= center;
        }
        return center;
    }

    int count() {
        return value.length;
    }

    /** The same places with other values; weights stay. */
    SurfacePoints with(double[] otherValues) {
        return new SurfacePoints(logN, logD, otherValues, weight, centerN, centerD, negated);
    }

    /** The surface in the user's units and sign. */
    LossSurface surface(double e, double a, double b, double alpha, double beta) {
        double sign = negated ? -1 : 1;
        return new LossSurface(
                sign * e, sign * a * Math.exp(alpha * centerN), sign * b * Math.exp(beta * centerD), alpha, beta);
    }

    /** A surface in the user's units and sign about the centers of these points, for a search to start from. */
    SurfaceEstimate estimate(LossSurface surface) {
        double sign = negated ? -1 : 1;
        return new SurfaceEstimate(
                sign * surface.e(),
                sign * surface.a() * Math.exp(-surface.alpha() * centerN),
                sign * surface.b() * Math.exp(-surface.beta() * centerD),
                surface.alpha(),
                surface.beta(),
                Double.NaN);
    }

    double predicted(double e, double a, double b, double alpha, double beta, int i) {
        return e + a * Math.exp(-alpha * logN[i]) + b * Math.exp(-beta * logD[i]);
    }
}

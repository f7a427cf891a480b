package org.isofleet.metrics.scaling;

/** A surface about the centers of {@link SurfacePoints}, with the value of its objective. */
record SurfaceEstimate(double e, double a, double b, double alpha, double beta, double objective) {
    LossSurface surface(SurfacePoints points) {
        return points.surface(e, a, b, alpha, beta);
    }

    double predicted(SurfacePoints points, int i) {
        return points.predicted(e, a, b, alpha, beta, i);
    }
}

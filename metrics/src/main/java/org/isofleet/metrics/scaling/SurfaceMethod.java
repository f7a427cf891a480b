package org.isofleet.metrics.scaling;

/** A way to fit the surface. */
interface SurfaceMethod {
    /** From scratch. */
    SurfaceEstimate fit(SurfacePoints points);

    /** From an estimate that is close, for the draws of a bootstrap. */
    SurfaceEstimate refit(SurfacePoints points, SurfaceEstimate start);

    static SurfaceMethod of(FitMethod method) {
        return switch (method) {
            case VPNLS -> new VariableProjection();
            case HUBER -> new HuberSurface();
            case AKIMA, LOCAL_PARABOLA, PARABOLA -> throw new IllegalArgumentException(method + " has no surface");
        };
    }
}

package org.isofleet.metrics.scaling;

/** A way to find the minimum of one profile. */
@FunctionalInterface
interface ProfileMinimum {
    /** Curvatures closer to zero than this many standard errors count as none. */
    double CURVATURE_ERRORS = 2;

    /**
     * @param noise standard deviation of the profile's values, 0 when unknown
     */
    Located locate(IsoflopProfile profile, double noise);

    static ProfileMinimum of(FitMethod method) {
        return switch (method) {
            case AKIMA -> new AkimaMinimum();
            case LOCAL_PARABOLA -> ParabolaMinimum.LOCAL;
            case PARABOLA -> ParabolaMinimum.WHOLE;
            case HUBER, VPNLS -> throw new IllegalArgumentException(method + " has no profiles");
        };
    }
}

package org.isofleet.metrics.scaling;

/**
 * The public face of the fits: one request, one answer. A pure function of the request, so that the same points and seed give the
 * same intervals wherever it runs.
 */
public final class Fits {
    private Fits() {}

    /**
     * Fits the scaling laws of one group of points. What cannot be fitted comes back as {@code refused} with its reason.
     *
     * @throws org.isofleet.protocol.study.InvalidSpecException when the method cannot take the metric at all
     */
    public static ScalingFit fit(FitRequest request) {
        Fitted fitted = fitted(request);
        ScalingFit fit = fitted.fit();
        return request.bootstrap() > 0 && fit.usable() ? fit.withRobustness(Robustness.of(request, fitted)) : fit;
    }

    static Fitted fitted(FitRequest request) {
        return request.method().parametric() ? new SurfaceLaws(request).fit() : new ProfileLaws(request).fit();
    }
}

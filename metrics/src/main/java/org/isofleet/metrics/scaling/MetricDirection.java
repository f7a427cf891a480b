package org.isofleet.metrics.scaling;

/** Whether small or large values of a metric are good. */
public enum MetricDirection {
    /** Loss, Fréchet distance. */
    MINIMISE,
    /** Accuracy. */
    MAXIMISE
}

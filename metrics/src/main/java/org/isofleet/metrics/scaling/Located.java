package org.isofleet.metrics.scaling;

/** Where a profile has its minimum. */
sealed interface Located {
    /** An interior minimum, with the value on the metric's scale. */
    record At(double logN, double scaled) implements Located {}

    /** None that can be trusted. */
    record Nowhere(String reason) implements Located {}
}

package org.isofleet.metrics.scaling;

/**
 * A value with its uncertainty.
 *
 * @param value point estimate
 * @param low lower end
 * @param high upper end
 * @param level probability that the interval claims, as 0.95
 */
public record Interval(double value, double low, double high, double level) {
    /** A value whose uncertainty was not asked for: an interval without extent at level 0. */
    public static Interval point(double value) {
        return new Interval(value, value, value, 0);
    }
}

package org.isofleet.metrics.scaling;

import static org.isofleet.protocol.study.Requirement.require;
import static org.isofleet.protocol.study.Requirement.requireWithin;

import java.util.Arrays;

/**
 * A value with its uncertainty.
 *
 * @param value point estimate
 * @param low lower end
 * @param high upper end; the value itself may lie outside when the estimate is biased
 * @param level probability that the interval claims, as 0.95
 */
public record Interval(double value, double low, double high, double level) {
    public Interval {
        require(low <= high, "an interval ends above its start, not at %s before %s", high, low);
        requireWithin(level, 0, 1, "the level of an interval");
    }

    /** A value whose uncertainty was not asked for: an interval without extent at level 0. */
    public static Interval point(double value) {
        return new Interval(value, value, value, 0);
    }

    /**
     * The percentile interval of a bootstrap: between the (1 - level) / 2 quantiles at both ends, interpolated linearly between
     * order statistics (type 7 of Hyndman and Fan 1996).
     *
     * @param draws replicates, at least one; not changed
     */
    public static Interval percentile(double value, double[] draws, double level) {
        double[] sorted = draws.clone();
        Arrays.sort(sorted);
        double tail = (1 - level) / 2;
        return new Interval(value, quantile(sorted, tail), quantile(sorted, 1 - tail), level);
    }

    private static double quantile(double[] sorted, double share) {
        double position = share * (sorted.length - 1);
        int below = (int) Math.floor(position);
        int above = Math.min(below + 1, sorted.length - 1);
        return sorted[below] + (position - below) * (sorted[above] - sorted[below]);
    }
}

package org.isofleet.metrics.forecast;

import static org.isofleet.protocol.study.Requirement.require;

/**
 * How long it takes until a budget can be had, when compute grows by a factor every year: {@code log(to / from) / log(factor)}. The paper's
 * "five years" to 1e24 FLOPs are 4.94 from its largest budget of 3.5e20 at five times a year, and 5.74 at four times.
 *
 * @param from FLOPs that can be had now
 * @param to FLOPs that are wanted
 * @param factor a year
 */
public record Growth(double from, double to, double factor, double years) {
    public Growth {
        require(factor > 1, "compute must grow by a factor above 1 a year, not %s", factor);
    }

    public static Growth of(double from, double to, double factor) {
        return new Growth(from, to, factor, Math.log(to / from) / Math.log(factor));
    }
}

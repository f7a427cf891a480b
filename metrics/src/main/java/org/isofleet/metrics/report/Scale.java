package org.isofleet.metrics.report;

import java.util.ArrayList;
import java.util.List;

/**
 * One axis: values to pixels, linear or logarithmic.
 *
 * @param low value at {@code from}
 * @param high value at {@code to}
 */
record Scale(boolean logarithmic, double low, double high, double from, double to) {
    /** An axis with a margin of a share of its length at both ends. */
    static Scale around(boolean logarithmic, double low, double high, double from, double to, double margin) {
        double a = logarithmic ? Math.log(low) : low;
        double b = logarithmic ? Math.log(high) : high;
        double extent = b > a ? b - a : logarithmic ? 1 : Math.max(1e-9, Math.abs(a) * 0.1);
        double start = a - margin * extent;
        double end = a + extent + margin * extent;
        return new Scale(
                logarithmic, logarithmic ? Math.exp(start) : start, logarithmic ? Math.exp(end) : end, from, to);
    }

    double at(double value) {
        double share = logarithmic ? Math.log(value / low) / Math.log(high / low) : (value - low) / (high - low);
        return from + share * (to - from);
    }

    boolean holds(double value) {
        return value >= low && value <= high;
    }

    /** Round values along the axis: 1, 2 and 5 times powers of ten, fewer when they crowd. */
    List<Double> ticks() {
        return logarithmic ? logarithmicTicks() : linearTicks();
    }

    private List<Double> linearTicks() {
        double raw = (high - low) / 5;
        double power = Math.pow(10, Math.floor(Math.log10(raw)));
        double step =
                raw / power < 1.5 ? power : raw / power < 3.5 ? 2 * power : raw / power < 7.5 ? 5 * power : 10 * power;
        List<Double> ticks = new ArrayList<>();
        for (double tick = Math.ceil(low / step) * step; tick <= high; tick += step) {
            ticks.add(tick);
        }
        return ticks;
    }

    private List<Double> logarithmicTicks() {
        double[] multiples = Math.log10(high / low) > 2.2 ? new double[] {1} : new double[] {1, 2, 5};
        List<Double> ticks = new ArrayList<>();
        for (int exponent = (int) Math.floor(Math.log10(low)); exponent <= Math.log10(high); exponent++) {
            for (double multiple : multiples) {
                double tick = multiple * Math.pow(10, exponent);
                if (holds(tick)) {
                    ticks.add(tick);
                }
            }
        }
        return ticks;
    }
}

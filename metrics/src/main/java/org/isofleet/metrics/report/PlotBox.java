package org.isofleet.metrics.report;

import java.util.List;
import java.util.function.DoubleFunction;
import org.isofleet.metrics.report.Canvas.Align;

/** A place on a canvas for one pair of axes. */
record PlotBox(double left, double top, double width, double height) {
    private static final String GRID = "#dfe3ea";
    private static final double BESIDE = 64;
    private static final double ABOVE = 34;
    private static final double BELOW = 46;
    private static final double AFTER = 28;

    Scale x(boolean logarithmic, double low, double high) {
        return Scale.around(logarithmic, low, high, left + BESIDE, left + width - AFTER, 0.05);
    }

    Scale y(boolean logarithmic, double low, double high) {
        return Scale.around(logarithmic, low, high, top + height - BELOW, top + ABOVE, 0.08);
    }

    void axes(
            Canvas canvas,
            Scale x,
            Scale y,
            String title,
            String xName,
            DoubleFunction<String> xLabel,
            DoubleFunction<String> yLabel) {
        for (double tick : x.ticks()) {
            canvas.line(List.of(new double[] {x.at(tick), y.from()}, new double[] {x.at(tick), y.to()}), GRID, 1);
            canvas.text(x.at(tick), y.from() + 17, xLabel.apply(tick), Align.MIDDLE, false);
        }
        for (double tick : y.ticks()) {
            canvas.line(List.of(new double[] {x.from(), y.at(tick)}, new double[] {x.to(), y.at(tick)}), GRID, 1);
            canvas.text(x.from() - 8, y.at(tick) + 4, yLabel.apply(tick), Align.END, false);
        }
        canvas.text(left + 12, top + 20, title, Align.START, true);
        canvas.text(x.to(), top + height - 10, xName, Align.END, false);
    }
}

package org.isofleet.metrics.report;

import java.util.List;
import java.util.Locale;
import java.util.function.DoubleFunction;

/**
 * A chart as inline SVG: axes with round labels, then whatever is put into it. Colours are variables of the page. Lines and marks lie
 * under the points, names over everything and clear of both, in whatever order they come.
 */
final class Chart {
    private static final int TOP = 30;
    private static final int BELOW = 44;

    /** Narrower charts are shown on telephones, where a margin costs more than a label that moves inwards. */
    private static final int ROOMY = 400;

    final Scale x;
    final Scale y;
    private final int width;
    private final int height;
    private final int left;
    private final int right;
    private final Html axes = new Html();
    private final Html lines = new Html();
    private final Html marks = new Html();
    private final Html dots = new Html();
    private final Labels labels;

    private Chart(int width, int height, boolean logX, double[] xRange, boolean logY, double[] yRange) {
        this.width = width;
        this.height = height;
        left = width < ROOMY ? 50 : 58;
        right = width - (width < ROOMY ? 18 : 56);
        x = Scale.around(logX, xRange[0], xRange[1], left, right, 0.04);
        y = Scale.around(logY, yRange[0], yRange[1], height - BELOW, TOP, 0.08);
        labels = new Labels(left, TOP, width, height - BELOW);
    }

    /** Axes around values. */
    static Chart of(int width, int height, boolean logX, double[] xRange, boolean logY, double[] yRange) {
        return new Chart(width, height, logX, xRange, logY, yRange);
    }

    Chart axes(String title, String xName, DoubleFunction<String> xLabel, DoubleFunction<String> yLabel) {
        for (double tick : x.ticks()) {
            axes.format(
                    "<line class=\"grid\" x1=\"%1$.1f\" x2=\"%1$.1f\" y1=\"%2$d\" y2=\"%3$d\"/>",
                    x.at(tick), TOP, height - BELOW);
            axes.format(
                    "<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%s</text>%n",
                    x.at(tick), height - BELOW + 17, Html.escape(xLabel.apply(tick)));
        }
        for (double tick : y.ticks()) {
            axes.format(
                    "<line class=\"grid\" x1=\"%d\" x2=\"%d\" y1=\"%3$.1f\" y2=\"%3$.1f\"/>", left, right, y.at(tick));
            axes.format(
                    "<text x=\"%d\" y=\"%.1f\" text-anchor=\"end\">%s</text>%n",
                    left - 8, y.at(tick) + 4, Html.escape(yLabel.apply(tick)));
        }
        axes.format("<text class=\"title\" x=\"%d\" y=\"18\">%s</text>", 12, Html.escape(title));
        axes.format("<text x=\"%d\" y=\"%d\" text-anchor=\"end\">%s</text>%n", right, height - 8, Html.escape(xName));
        return this;
    }

    /** A line through points, cut where it leaves the axes; {@code look} are attributes. */
    void line(List<double[]> points, String look) {
        StringBuilder path = new StringBuilder();
        for (double[] point : points) {
            path.append(String.format(
                    Locale.ROOT, "%s%.1f %.1f", path.length() == 0 ? "M" : "L", x.at(point[0]), y.at(point[1])));
        }
        if (path.length() > 0) {
            lines.format("<path d=\"%s\" %s/>%n", path, look);
        }
    }

    /** The area between two lines over the same x, cut where it leaves the axes: each point is x, low, high. */
    void band(List<double[]> points, String color) {
        StringBuilder shape = new StringBuilder();
        for (double[] p : points) {
            shape.append(String.format(Locale.ROOT, "%.1f,%.1f ", x.at(p[0]), y.at(clamp(p[2]))));
        }
        for (int i = points.size() - 1; i >= 0; i--) {
            double[] p = points.get(i);
            shape.append(String.format(Locale.ROOT, "%.1f,%.1f ", x.at(p[0]), y.at(clamp(p[1]))));
        }
        if (shape.length() > 0) {
            lines.format(
                    "<polygon class=\"band\" fill=\"%s\" points=\"%s\"/>%n",
                    color, shape.toString().trim());
        }
    }

    /** A logarithmic axis has no place for the ends below zero that an interval may have. */
    private double clamp(double value) {
        return Math.max(y.low(), Math.min(y.high(), value));
    }

    /** A dot with a tooltip, hollow or solid. */
    void dot(double atX, double atY, boolean hollow, String color, String tooltip) {
        String paint = hollow ? "class=\"hollow\" stroke=\"" + color + "\"" : "class=\"solid\" fill=\"" + color + "\"";
        dots.format(
                "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"4.6\" %s><title>%s</title></circle>%n",
                x.at(atX), y.at(atY), paint, Html.escape(tooltip));
        labels.keepClear(x.at(atX), y.at(atY), 5);
    }

    /** A horizontal interval with ends. */
    void interval(double low, double high, double atY) {
        double a = x.at(Math.max(x.low(), low));
        double b = x.at(Math.min(x.high(), high));
        double v = y.at(atY);
        lines.format(
                "<path class=\"interval\" d=\"M%1$.1f %3$.1fH%2$.1fM%1$.1f %4$.1fv8M%2$.1f %4$.1fv8\" fill=\"none\"/>%n",
                a, b, v, v - 4);
    }

    /** A mark of one of three shapes with a tooltip. */
    void mark(double atX, double atY, int shape, String look, String tooltip) {
        double cx = x.at(atX);
        double cy = y.at(atY);
        String path = switch (shape) {
            case 0 -> "M%1$.1f %2$.1fm-6.5 0l6.5 -6.5l6.5 6.5l-6.5 6.5z";
            case 1 -> "M%1$.1f %2$.1fm-5 -5h10v10h-10z";
            default -> "M%1$.1f %2$.1fm0 -6l6 10h-12z";
        };
        marks.format("<path d=\"" + path + "\" %3$s><title>%4$s</title></path>%n", cx, cy, look, Html.escape(tooltip));
        labels.keepClear(cx, cy, 7);
    }

    /** A name near a place. */
    void label(double atX, double atY, String text, String color) {
        labels.near(x.at(atX), y.at(atY), text, "fill:" + color + ";font-weight:600");
    }

    /** A dashed line at a value of y, with its name; a value off the axis is named at its edge. */
    void reference(double value, String name) {
        if (y.holds(value)) {
            line(List.of(new double[] {x.low(), value}, new double[] {x.high(), value}), "class=\"reference\"");
            labels.near(left, y.at(value) - 9, name, ""); // upon its line, not in it
        } else if (value < y.low()) {
            labels.near(left, height - BELOW - 9, name + ", below ↓", "");
        } else {
            labels.near(left, TOP + 9, name + ", above ↑", "");
        }
    }

    /**
     * The chart as SVG.
     *
     * @param kind class for the style sheet
     */
    String svg(String kind, String description) {
        String plot = String.format(Locale.ROOT, "%d %d %d %d", left, TOP, right - left, height - TOP - BELOW);
        return new Html()
                .format(
                        "<svg class=\"%s\" viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"%s\">%n",
                        kind, width, height, Html.escape(description))
                .raw(axes.toString())
                // An inner picture is cut at its edges, which needs no name of a clipping path that would be unique in
                // the page.
                .format(
                        "<svg x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" viewBox=\"%s\">%n",
                        left, TOP, right - left, height - TOP - BELOW, plot)
                .raw(lines.toString())
                .raw("</svg>\n")
                .raw(marks.toString())
                .raw(dots.toString())
                .raw(labels.svg())
                .raw("</svg>\n")
                .toString();
    }
}

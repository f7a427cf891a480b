package org.isofleet.metrics.report;

import java.util.List;
import java.util.function.DoubleFunction;

/** A chart as inline SVG: axes with round labels, then whatever is put into it. Colours are variables of the page. */
final class Chart {
    static final int LEFT = 58;
    static final int TOP = 30;
    private static final int BELOW = 44;
    private static final int RIGHT = 56;

    final Scale x;
    final Scale y;
    private final int width;
    private final int height;
    private final Html body = new Html();

    private Chart(Scale x, Scale y, int width, int height) {
        this.x = x;
        this.y = y;
        this.width = width;
        this.height = height;
    }

    /** Axes around values. */
    static Chart of(int width, int height, boolean logX, double[] xRange, boolean logY, double[] yRange) {
        return new Chart(
                Scale.around(logX, xRange[0], xRange[1], LEFT, width - RIGHT, 0.04),
                Scale.around(logY, yRange[0], yRange[1], height - BELOW, TOP, 0.08),
                width,
                height);
    }

    Chart axes(String title, String xName, DoubleFunction<String> xLabel, DoubleFunction<String> yLabel) {
        for (double tick : x.ticks()) {
            body.format(
                    "<line class=\"grid\" x1=\"%1$.1f\" x2=\"%1$.1f\" y1=\"%2$d\" y2=\"%3$d\"/>",
                    x.at(tick), TOP, height - BELOW);
            body.format(
                    "<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%s</text>%n",
                    x.at(tick), height - BELOW + 17, Html.escape(xLabel.apply(tick)));
        }
        for (double tick : y.ticks()) {
            body.format(
                    "<line class=\"grid\" x1=\"%d\" x2=\"%d\" y1=\"%3$.1f\" y2=\"%3$.1f\"/>",
                    LEFT, width - RIGHT, y.at(tick));
            body.format(
                    "<text x=\"%d\" y=\"%.1f\" text-anchor=\"end\">%s</text>%n",
                    LEFT - 8, y.at(tick) + 4, Html.escape(yLabel.apply(tick)));
        }
        body.format("<text class=\"title\" x=\"%d\" y=\"18\">%s</text>", 12, Html.escape(title));
        body.format(
                "<text x=\"%d\" y=\"%d\" text-anchor=\"end\">%s</text>%n",
                width - RIGHT, height - 8, Html.escape(xName));
        return this;
    }

    /** A line through points, cut where it leaves the axes; {@code look} are attributes. */
    void line(List<double[]> points, String look) {
        StringBuilder path = new StringBuilder();
        boolean drawing = false;
        for (double[] point : points) {
            boolean inside = x.holds(point[0]) && y.holds(point[1]);
            if (inside) {
                path.append(String.format(
                        java.util.Locale.ROOT, "%s%.1f %.1f", drawing ? "L" : "M", x.at(point[0]), y.at(point[1])));
            }
            drawing = inside;
        }
        if (path.length() > 0) {
            body.format("<path d=\"%s\" %s/>%n", path, look);
        }
    }

    /** The area between two lines over the same x: each point is x, low, high. */
    void band(List<double[]> points) {
        StringBuilder shape = new StringBuilder();
        for (double[] p : points) {
            shape.append(String.format(java.util.Locale.ROOT, "%.1f,%.1f ", x.at(p[0]), y.at(clamp(p[2]))));
        }
        for (int i = points.size() - 1; i >= 0; i--) {
            double[] p = points.get(i);
            shape.append(String.format(java.util.Locale.ROOT, "%.1f,%.1f ", x.at(p[0]), y.at(clamp(p[1]))));
        }
        body.format(
                "<polygon class=\"band\" points=\"%s\"/>%n", shape.toString().trim());
    }

    private double clamp(double value) {
        return Math.max(y.low(), Math.min(y.high(), value));
    }

    /** A dot with a tooltip, hollow or solid. */
    void dot(double atX, double atY, boolean hollow, String color, String tooltip) {
        String paint = hollow ? "class=\"hollow\" stroke=\"" + color + "\"" : "class=\"solid\" fill=\"" + color + "\"";
        body.format(
                "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"4.6\" %s><title>%s</title></circle>%n",
                x.at(atX), y.at(atY), paint, Html.escape(tooltip));
    }

    /** A horizontal interval with ends. */
    void interval(double low, double high, double atY) {
        double a = x.at(Math.max(x.low(), low));
        double b = x.at(Math.min(x.high(), high));
        double v = y.at(atY);
        body.format(
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
        body.format("<path d=\"" + path + "\" %3$s><title>%4$s</title></path>%n", cx, cy, look, Html.escape(tooltip));
    }

    void label(double atX, double atY, String text, String color) {
        body.format(
                "<text x=\"%.1f\" y=\"%.1f\" style=\"fill:%s;font-weight:600\">%s</text>%n",
                x.at(atX) + 8, y.at(atY) + 4, color, Html.escape(text));
    }

    /** A dashed line at a value of y, with its name. */
    void reference(double value, String name) {
        body.format(
                "<line class=\"reference\" x1=\"%d\" x2=\"%d\" y1=\"%3$.1f\" y2=\"%3$.1f\"/>",
                LEFT, width - RIGHT, y.at(value));
        body.format("<text x=\"%d\" y=\"%.1f\">%s</text>%n", LEFT + 6, y.at(value) - 5, Html.escape(name));
    }

    String svg(String description) {
        return new Html()
                .format(
                        "<svg viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"%s\">%n",
                        width, height, Html.escape(description))
                .raw(body.toString())
                .raw("</svg>\n")
                .toString();
    }
}

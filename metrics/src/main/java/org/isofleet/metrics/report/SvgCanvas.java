package org.isofleet.metrics.report;

import java.util.List;
import java.util.Locale;

/** A figure as an SVG file that stands alone: its colours and fonts are in it. */
final class SvgCanvas implements Canvas {
    private final int width;
    private final int height;
    private final Html body = new Html();

    SvgCanvas(int width, int height) {
        this.width = width;
        this.height = height;
    }

    @Override
    public void line(List<double[]> points, String color, double lineWidth) {
        body.format(
                "<polyline points=\"%s\" fill=\"none\" stroke=\"%s\" stroke-width=\"%.1f\"/>%n",
                places(points), color, lineWidth);
    }

    @Override
    public void area(List<double[]> corners, String color) {
        body.format("<polygon points=\"%s\" fill=\"%s\" fill-opacity=\"0.18\"/>%n", places(corners), color);
    }

    @Override
    public void dot(double x, double y, double radius, String color, boolean hollow) {
        body.format(
                "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"%.1f\" fill=\"%s\" stroke=\"%s\" stroke-width=\"1.5\"/>%n",
                x, y, radius, hollow ? "none" : color, color);
    }

    @Override
    public void text(double x, double y, String text, Align align, boolean strong) {
        body.format(
                        "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\"%s>",
                        x, y, align.name().toLowerCase(Locale.ROOT), strong ? " font-weight=\"bold\"" : "")
                .text(text)
                .raw("</text>\n");
    }

    private static String places(List<double[]> points) {
        StringBuilder text = new StringBuilder();
        for (double[] point : points) {
            text.append(String.format(Locale.ROOT, "%.1f,%.1f ", point[0], point[1]));
        }
        return text.toString().strip();
    }

    String file() {
        return new Html()
                .format(
                        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%1$d\" height=\"%2$d\" viewBox=\"0 0 %1$d %2$d\""
                                + " font-family=\"sans-serif\" font-size=\"12\" fill=\"%3$s\">%n",
                        width, height, FitPlot.INK)
                .format("<rect width=\"%d\" height=\"%d\" fill=\"#ffffff\"/>%n", width, height)
                .raw(body.toString())
                .raw("</svg>\n")
                .toString();
    }
}

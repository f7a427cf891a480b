package org.isofleet.metrics.report;

import java.util.List;

/** What a figure is drawn on: pixels from the top left corner, colours as {@code #rrggbb}. A point is an x and a y. */
interface Canvas {
    /** Where a text stands to its place. */
    enum Align {
        START,
        MIDDLE,
        END
    }

    void line(List<double[]> points, String color, double width);

    /** An area without a border, faint enough to see what lies under it. */
    void area(List<double[]> corners, String color);

    void dot(double x, double y, double radius, String color, boolean hollow);

    void text(double x, double y, String text, Align align, boolean strong);
}

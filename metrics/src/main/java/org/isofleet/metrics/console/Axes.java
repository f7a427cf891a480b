package org.isofleet.metrics.console;

import dev.tamboui.layout.Rect;
import dev.tamboui.widgets.canvas.Canvas;
import dev.tamboui.widgets.canvas.Context;
import dev.tamboui.widgets.canvas.Marker;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.DoubleFunction;

/**
 * A chart in braille, two by four dots a character, with labels left and below.
 *
 * @param left where x starts
 * @param right where x ends
 * @param low where y starts
 * @param high where y ends
 */
record Axes(double left, double right, double low, double high) {
    private static final int GUTTER = 6;

    /** A label on the x axis. */
    record Tick(double at, String label) {}

    /** Axes around values, with a margin of 6 % above and below. */
    static Axes around(double left, double right, double low, double high) {
        double margin = high > low ? 0.06 * (high - low) : 0.5;
        return new Axes(left, right > left ? right : left + 1, low - margin, high + margin);
    }

    void draw(Pane pane, List<Tick> ticks, DoubleFunction<String> yLabel, Consumer<Context> paint) {
        int width = pane.width() - GUTTER;
        int height = pane.height() - 1;
        if (width < 4 || height < 2) {
            return;
        }
        int labels = height >= 9 ? 4 : height >= 5 ? 3 : 2;
        for (int i = 0; i < labels; i++) {
            int row = Math.round((height - 1) * i / (float) (labels - 1));
            double value = high - (high - low) * (row + 0.5) / height;
            pane.textBefore(GUTTER - 1, row, yLabel.apply(value), Palette.faint());
        }
        int free = 0;
        for (Tick tick : ticks) {
            int column = GUTTER + (int) Math.round((tick.at() - left) / (right - left) * (width - 1));
            int length = tick.label().length();
            int start = Math.min(pane.width() - length, Math.max(GUTTER, column - length / 2));
            if (start >= free && column >= GUTTER && column < pane.width()) {
                pane.text(start, height, tick.label(), Palette.faint());
                free = start + length + 1;
            }
        }
        Rect area = pane.part(GUTTER, 0, width, height).area();
        Canvas.builder()
                .xBounds(left, right)
                .yBounds(low, high)
                .marker(Marker.BRAILLE)
                .paint(paint)
                .build()
                .render(area, pane.buffer());
    }
}

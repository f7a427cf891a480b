package org.isofleet.metrics.console;

import dev.tamboui.buffer.Buffer;
import dev.tamboui.layout.Rect;
import dev.tamboui.style.Style;
import dev.tamboui.widgets.block.Block;
import dev.tamboui.widgets.block.BorderType;
import dev.tamboui.widgets.block.Borders;

/**
 * A rectangle of the screen that is written to in its own coordinates; what does not fit is cut.
 *
 * @param buffer the whole screen
 * @param area where it lies
 */
record Pane(Buffer buffer, Rect area) {
    /** A framed pane with a title; the pane inside the frame. */
    Pane framed(String title) {
        Block frame = Block.builder()
                .borders(Borders.ALL)
                .borderType(BorderType.ROUNDED)
                .borderColor(Palette.RULE)
                .build();
        frame.render(area, buffer);
        // Written after the frame, whose style would dim a title of its own.
        part(2, 0, width() - 4, 1)
                .text(0, 0, " " + title + " ", Palette.fg(Palette.ACCENT).bold());
        return new Pane(buffer, frame.inner(area));
    }

    int width() {
        return area.width();
    }

    int height() {
        return area.height();
    }

    /** Part of this pane. */
    Pane part(int x, int y, int width, int height) {
        int left = Math.min(x, width());
        int top = Math.min(y, height());
        return new Pane(
                buffer,
                new Rect(
                        area.x() + left,
                        area.y() + top,
                        Math.max(0, Math.min(width, width() - left)),
                        Math.max(0, Math.min(height, height() - top))));
    }

    /** Writes from a column on; the column after the text. */
    int text(int x, int y, String text, Style style) {
        if (y < 0 || y >= height() || x >= width()) {
            return x;
        }
        String cut = text.codePointCount(0, text.length()) <= width() - x
                ? text
                : text.substring(0, text.offsetByCodePoints(0, Math.max(0, width() - x - 1))) + "…";
        buffer.setString(area.x() + Math.max(0, x), area.y() + y, cut, style);
        return x + cut.codePointCount(0, cut.length());
    }

    /** Writes so that the text ends before a column. */
    void textBefore(int end, int y, String text, Style style) {
        int start = end - text.codePointCount(0, text.length());
        if (start >= 0) {
            text(start, y, text, style);
        }
    }

    /** Writes in the middle of a stretch of columns. */
    void textAmid(int x, int span, int y, String text, Style style) {
        int length = text.codePointCount(0, text.length());
        if (length <= span) {
            text(x + (span - length) / 2, y, text, style);
        }
    }
}

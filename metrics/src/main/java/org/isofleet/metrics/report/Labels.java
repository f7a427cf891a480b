package org.isofleet.metrics.report;

import java.awt.geom.Rectangle2D;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Names in a chart, each put where it covers least: right of its place when that is free, else above, below or left of it. They are placed one
 * after the other, once all marks are known; names that are already placed count as marks.
 */
final class Labels {
    /** A line of the page's 12 pixel text, and a generous mean width of its letters. */
    private static final double LINE = 13;

    private static final double LETTER = 8.2;

    /** Clear of the mark that is named. */
    private static final double GAP = 8;

    private record Label(double x, double y, String text, String style) {
        double width() {
            return LETTER * text.length();
        }
    }

    private final Rectangle2D room;
    private final List<Rectangle2D> taken = new ArrayList<>();
    private final List<Label> labels = new ArrayList<>();

    /** Names stay within these edges. */
    Labels(double left, double top, double right, double bottom) {
        room = new Rectangle2D.Double(left, top, right - left, bottom - top);
    }

    /** A mark at a place. */
    void keepClear(double x, double y, double radius) {
        taken.add(new Rectangle2D.Double(x - radius, y - radius, 2 * radius, 2 * radius));
    }

    void near(double x, double y, String text, String style) {
        labels.add(new Label(x, y, text, style));
    }

    String svg() {
        Html html = new Html();
        List<Rectangle2D> covered = new ArrayList<>(taken);
        for (Label label : labels) {
            Rectangle2D place = place(label, covered);
            covered.add(place);
            html.format(
                            "<text class=\"label\" x=\"%.1f\" y=\"%.1f\"%s>",
                            place.getX(),
                            place.getMaxY() - 3,
                            label.style().isEmpty() ? "" : " style=\"" + label.style() + "\"")
                    .text(label.text())
                    .raw("</text>\n");
        }
        return html.toString();
    }

    private Rectangle2D place(Label label, List<Rectangle2D> covered) {
        double rightwards = label.x() + GAP;
        double leftwards = label.x() - GAP - label.width();
        double centred = label.x() - label.width() / 2;
        double middle = label.y() - LINE / 2;
        List<Rectangle2D> places = new ArrayList<>();
        places.add(box(label, rightwards, middle));
        for (double lines = 1; lines <= 3; lines++) {
            for (double x : new double[] {rightwards, centred, leftwards}) {
                places.add(box(label, x, middle - lines * (LINE + 1)));
                places.add(box(label, x, middle + lines * (LINE + 1)));
            }
        }
        places.add(box(label, leftwards, middle));
        return places.stream()
                .min(Comparator.comparingDouble(box -> overlap(box, covered))) // the first of equals
                .orElseThrow();
    }

    /** Moved into the room where it would stick out. */
    private Rectangle2D box(Label label, double x, double y) {
        double fitX = Math.max(room.getX() + 3, Math.min(x, room.getMaxX() - label.width()));
        double fitY = Math.max(room.getY(), Math.min(y, room.getMaxY() - LINE));
        return new Rectangle2D.Double(fitX, fitY, label.width(), LINE);
    }

    private static double overlap(Rectangle2D place, List<Rectangle2D> covered) {
        return covered.stream()
                .map(place::createIntersection)
                .filter(common -> common.getWidth() > 0 && common.getHeight() > 0)
                .mapToDouble(common -> common.getWidth() * common.getHeight())
                .sum();
    }
}

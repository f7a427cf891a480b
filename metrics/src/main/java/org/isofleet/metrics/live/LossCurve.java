package org.isofleet.metrics.live;

import java.util.ArrayList;
import java.util.List;

/**
 * The training loss of a run over its steps, bounded: when there are too many points, neighbours are merged and the stride
 * doubles, so that a curve of any length keeps its shape. A point is the mean over the steps it covers.
 *
 * <p>Steps that were seen before are ignored: a run that went back to a checkpoint repeats the same steps with the same losses.
 *
 * @param stride steps that one point covers
 * @param points in the order of steps, at most {@link #MOST_POINTS}
 */
public record LossCurve(long stride, List<Point> points) {
    /** Enough for the widest chart that is drawn from it. */
    public static final int MOST_POINTS = 240;

    public static final LossCurve EMPTY = new LossCurve(1, List.of());

    public LossCurve {
        points = List.copyOf(points);
    }

    /**
     * A mean over steps.
     *
     * @param step the last of them
     * @param loss mean, nats a pixel
     * @param steps how many were seen
     */
    public record Point(long step, double loss, int steps) {
        private Point merged(Point later) {
            int both = steps + later.steps;
            return new Point(later.step, (loss * steps + later.loss * later.steps) / both, both);
        }
    }

    /** Last step seen, 0 before the first. */
    public long lastStep() {
        return points.isEmpty() ? 0 : points.get(points.size() - 1).step();
    }

    /** The curve with one more step; losses that are not finite leave no point. */
    public LossCurve with(long step, double loss) {
        if (step <= lastStep() || !Double.isFinite(loss)) {
            return this;
        }
        List<Point> grown = new ArrayList<>(points);
        append(grown, new Point(step, loss, 1), stride);
        return grown.size() <= MOST_POINTS ? new LossCurve(stride, grown) : thinned(grown);
    }

    private LossCurve thinned(List<Point> crowded) {
        long wider = stride * 2;
        List<Point> merged = new ArrayList<>();
        crowded.forEach(point -> append(merged, point, wider));
        return merged.size() <= MOST_POINTS
                ? new LossCurve(wider, merged)
                : new LossCurve(wider, List.of()).thinned(merged);
    }

    private static void append(List<Point> points, Point next, long stride) {
        int last = points.size() - 1;
        if (last >= 0 && bucket(points.get(last), stride) == bucket(next, stride)) {
            points.set(last, points.get(last).merged(next));
        } else {
            points.add(next);
        }
    }

    private static long bucket(Point point, long stride) {
        return (point.step() - 1) / stride;
    }
}

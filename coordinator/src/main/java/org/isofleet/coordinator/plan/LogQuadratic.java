package org.isofleet.coordinator.plan;

import java.util.Comparator;
import java.util.List;

/**
 * The learning rate of least loss, from the loss at several rates: the vertex of the parabola in log rate through the lowest point
 * and its two neighbours. Only three points, because the loss rises far more steeply above the optimum than below, so that a parabola
 * through all of them is pulled towards small rates; the noise of the vertex is averaged by the rule that is fitted over many
 * optima.
 *
 * <p>Refused: a lowest point at the edge of the rates tried (the optimum may lie anywhere beyond), and one whose neighbour
 * diverged (there is no parabola).
 */
final class LogQuadratic {
    private LogQuadratic() {}

    /** The optimum of points that differ in their rate only. */
    static TuningOptimum optimum(List<TuningPoint> points) {
        List<TuningPoint> sorted = points.stream()
                .sorted(Comparator.comparingDouble(TuningPoint::learningRate))
                .toList();
        int lowest = 0;
        for (int i = 1; i < sorted.size(); i++) {
            if (sorted.get(i).loss() < sorted.get(lowest).loss()) {
                lowest = i;
            }
        }
        TuningPoint best = sorted.get(lowest);
        if (lowest == 0 || lowest == sorted.size() - 1) {
            return TuningOptimum.refused(best, "the lowest loss is at the edge of the rates tried");
        }
        TuningPoint below = sorted.get(lowest - 1);
        TuningPoint above = sorted.get(lowest + 1);
        if (!Double.isFinite(below.loss()) || !Double.isFinite(above.loss())) {
            return TuningOptimum.refused(best, "a neighbour of the lowest point diverged");
        }
        return vertex(below, best, above);
    }

    /** Newton's form of the parabola through three points; u is log rate from the middle one. */
    private static TuningOptimum vertex(TuningPoint below, TuningPoint middle, TuningPoint above) {
        double left = StrictMath.log(below.learningRate() / middle.learningRate());
        double right = StrictMath.log(above.learningRate() / middle.learningRate());
        double slopeLeft = (below.loss() - middle.loss()) / left;
        double slopeRight = (above.loss() - middle.loss()) / right;
        double curvature = (slopeRight - slopeLeft) / (right - left);
        if (!(curvature > 0)) {
            return TuningOptimum.refused(middle, "the loss does not depend on the rate");
        }
        double slope = slopeLeft - curvature * left;
        double u = -slope / (2 * curvature);
        return TuningOptimum.of(
                middle, middle.learningRate() * StrictMath.exp(u), middle.loss() + u * (slope + curvature * u));
    }
}

package org.isofleet.coordinator.plan;

import java.util.List;

/**
 * How the rule does at a size that it was not made from.
 *
 * @param points trained there at the rates of the grid, and one at the rate of the rule
 * @param predictedRate of the rule
 * @param measured optimum of the points of the grid
 * @param regret loss at the predicted rate above the lowest loss found there, nats a pixel
 * @param holds whether the regret is at most {@link #TOLERANCE} of the lowest loss
 */
public record TuningCheck(
        List<TuningPoint> points, double predictedRate, TuningOptimum measured, double regret, boolean holds) {
    /** One percent of the loss: about the noise between seeds of small models, so that less cannot be told from nothing. */
    public static final double TOLERANCE = 0.01;

    public TuningCheck {
        points = List.copyOf(points);
    }

    /** Judges a rule by what was trained at the check size. */
    static TuningCheck of(TuningRule rule, List<TuningPoint> grid, TuningPoint predicted) {
        double lowest = predicted.loss();
        for (TuningPoint point : grid) {
            lowest = Math.min(lowest, point.loss());
        }
        double regret = predicted.loss() - lowest;
        List<TuningPoint> all = new java.util.ArrayList<>(grid);
        all.add(predicted);
        return new TuningCheck(
                all,
                rule.learningRate(predicted.params(), predicted.batch()),
                LogQuadratic.optimum(grid),
                regret,
                regret <= TOLERANCE * lowest);
    }
}

package org.isofleet.coordinator.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * How the rule does at a size that it was not made from. Every rate is trained with several seeds and judged by its mean: between
 * seeds the loss of small models varies as much as between rates that are a factor of 1.5 apart.
 *
 * @param points trained there: those at the rates of the grid, then those at the rate of the rule
 * @param predictedRate of the rule
 * @param measured optimum of the grid's means
 * @param noise standard deviation of a run over seeds, nats a pixel, pooled over rates
 * @param regret mean loss at the predicted rate above the lowest mean found there, nats a pixel
 * @param holds whether the regret is at most {@link #TOLERANCE} of the lowest mean
 */
public record TuningCheck(
        List<TuningPoint> points,
        double predictedRate,
        TuningOptimum measured,
        double noise,
        double regret,
        boolean holds) {
    /** One percent of the loss. */
    public static final double TOLERANCE = 0.01;

    public TuningCheck {
        points = List.copyOf(points);
    }

    /** Judges a rule by what was trained at the check size. */
    static TuningCheck of(TuningRule rule, List<TuningPoint> grid, List<TuningPoint> predicted) {
        List<TuningPoint> means = means(grid);
        TuningPoint ours = means(predicted).get(0);
        double lowest = ours.loss();
        for (TuningPoint mean : means) {
            lowest = Math.min(lowest, mean.loss());
        }
        List<TuningPoint> all = new ArrayList<>(grid);
        all.addAll(predicted);
        double regret = ours.loss() - lowest;
        return new TuningCheck(
                all,
                rule.learningRate(ours.params(), ours.batch()),
                LogQuadratic.optimum(means),
                noise(all),
                regret,
                regret <= TOLERANCE * lowest);
    }

    /** One point a rate, with the mean loss of its seeds; ascending. */
    private static List<TuningPoint> means(List<TuningPoint> points) {
        List<TuningPoint> means = new ArrayList<>();
        for (List<TuningPoint> seeds : byRate(points).values()) {
            TuningPoint first = seeds.get(0);
            means.add(new TuningPoint(
                    first.size(),
                    first.params(),
                    first.batch(),
                    first.beta2(),
                    first.learningRate(),
                    first.steps(),
                    first.seed(),
                    mean(seeds),
                    first.seconds()));
        }
        return means;
    }

    private static double noise(List<TuningPoint> points) {
        double squares = 0;
        int freedom = 0;
        for (List<TuningPoint> seeds : byRate(points).values()) {
            double mean = mean(seeds);
            if (Double.isFinite(mean)) {
                freedom += seeds.size() - 1;
                for (TuningPoint seed : seeds) {
                    squares += (seed.loss() - mean) * (seed.loss() - mean);
                }
            }
        }
        return freedom == 0 ? 0 : StrictMath.sqrt(squares / freedom);
    }

    private static double mean(List<TuningPoint> points) {
        double sum = 0;
        for (TuningPoint point : points) {
            sum += point.loss();
        }
        return sum / points.size();
    }

    private static Map<Double, List<TuningPoint>> byRate(List<TuningPoint> points) {
        Map<Double, List<TuningPoint>> byRate = new TreeMap<>();
        for (TuningPoint point : points) {
            byRate.computeIfAbsent(point.learningRate(), key -> new ArrayList<>())
                    .add(point);
        }
        return byRate;
    }
}

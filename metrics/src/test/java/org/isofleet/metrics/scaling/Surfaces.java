package org.isofleet.metrics.scaling;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Points of a known surface on an IsoFLOP grid. */
final class Surfaces {
    private Surfaces() {}

    /**
     * Budgets a factor 2 apart from {@code firstBudget} on, sizes evenly spaced in log N over a factor 16 around the optimum.
     *
     * @param noise relative standard deviation of the loss
     */
    static List<Observation> grid(
            LossSurface surface, double firstBudget, int budgets, int sizes, double noise, long seed) {
        Random random = new Random(seed);
        List<Observation> points = new ArrayList<>();
        double budget = firstBudget;
        for (int b = 0; b < budgets; b++) {
            double best = surface.laws(6, 1).paramsAt(budget);
            for (int i = 0; i < sizes; i++) {
                double params = best * Math.pow(16, (double) i / (sizes - 1) - 0.5);
                double tokens = budget / (6 * params);
                double loss = surface.at(params, tokens) * Math.exp(noise * random.nextGaussian());
                points.add(new Observation("c" + b + "n" + i, budget, params, tokens, loss));
            }
            budget *= 2;
        }
        return points;
    }

    /** The published fit of Hoffmann et al. 2022 (arXiv 2203.15556, equation 10). */
    static LossSurface chinchilla() {
        return new LossSurface(1.69, 406.4, 410.7, 0.34, 0.28);
    }
}

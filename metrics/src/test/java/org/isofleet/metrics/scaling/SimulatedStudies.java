package org.isofleet.metrics.scaling;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Studies of known surfaces as people run them: five budgets a factor 2 apart, five to seven sizes over a factor 16, noise of a quarter of a
 * percent to one percent between seeds, and a grid whose centre misses the optimum and drifts away from it with the budget.
 *
 * @param surface the truth
 * @param budgets in FLOPs
 * @param points one run a cell, three runs at three cells that span the budgets
 */
record SimulatedStudies(LossSurface surface, List<Double> budgets, List<Observation> points) {
    private static final double FIRST_BUDGET = 1e12;
    private static final int BUDGETS = 5;
    private static final int SEEDS = 3;

    /** @param offCentre how far, in log N, a centre may miss at most in the middle of the budgets */
    static SimulatedStudies draw(long seed, double offCentre) {
        Random random = new Random(seed);
        double alpha = between(random, 0.3, 0.5);
        double beta = between(random, 0.3, 0.5);
        double atN = between(random, 0.4, 1);
        double atD = between(random, 0.4, 1);
        LossSurface surface = new LossSurface(
                between(random, 2, 4), atN * Math.pow(1e5, alpha), atD * Math.pow(3e6, beta), alpha, beta);
        double noise = Math.exp(between(random, Math.log(0.0025), Math.log(0.01)));
        int sizes = 5 + random.nextInt(3);
        double miss = offCentre * between(random, -1, 1);
        double drift = 0.4 * offCentre * between(random, -1, 1) / BUDGETS;
        List<Double> budgets = new ArrayList<>();
        List<Observation> points = new ArrayList<>();
        for (int b = 0; b < BUDGETS; b++) {
            double budget = FIRST_BUDGET * Math.pow(2, b);
            budgets.add(budget);
            double centre = surface.laws(6, 1).paramsAt(budget) * Math.exp(miss + drift * (b - BUDGETS / 2));
            for (int i = 0; i < sizes; i++) {
                double params = centre * Math.pow(16, (double) i / (sizes - 1) - 0.5);
                double tokens = budget / (6 * params);
                int runs = i == sizes / 2 && b % 2 == 0 ? SEEDS : 1;
                for (int run = 0; run < runs; run++) {
                    double loss = surface.at(params, tokens) * Math.exp(noise * random.nextGaussian());
                    points.add(new Observation("b" + b + "n" + i + "s" + run, budget, params, tokens, loss));
                }
            }
        }
        return new SimulatedStudies(surface, budgets, points);
    }

    /** The same study with the first run of every cell alone, so that nothing but the fit tells the noise. */
    List<Observation> single() {
        return points.stream().filter(p -> p.label().endsWith("s0")).toList();
    }

    private static double between(Random random, double low, double high) {
        return low + (high - low) * random.nextDouble();
    }
}

package org.isofleet.metrics.adaptive;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.isofleet.metrics.scaling.Observation;

/**
 * A study of a known surface: five budgets a factor 2 apart, five to seven sizes over a factor 16, noise of a quarter of a percent to one
 * percent, and a grid whose centre misses the optimum and drifts away from it with the budget.
 */
final class SimulatedGrid {
    static final double FAR = 5 * 1.6e13;
    private static final int BUDGETS = 5;

    /** Neighbours of the model family are as far apart. */
    private static final double STEP = 0.3;

    final BentSurface surface;
    final AdaptiveGrid grid;
    private final double noise;
    private final Random random;
    private int results;

    private SimulatedGrid(BentSurface surface, AdaptiveGrid grid, double noise, Random random) {
        this.surface = surface;
        this.grid = grid;
        this.noise = noise;
        this.random = random;
    }

    /** @param offCentre how far, in log N, the centre may miss at most in the middle of the budgets */
    static SimulatedGrid draw(long seed, double offCentre, double bend) {
        Random random = new Random(seed * 0x9E3779B97F4A7C15L); // neighbouring seeds begin alike
        double alpha = between(random, 0.3, 0.5);
        double beta = between(random, 0.3, 0.5);
        double atN = between(random, 0.4, 1);
        double atD = between(random, 0.4, 1);
        BentSurface surface = new BentSurface(
                between(random, 2, 4), atN * Math.pow(1e5, alpha), atD * Math.pow(3e6, beta), alpha, beta, bend);
        double noise = Math.exp(between(random, Math.log(0.0025), Math.log(0.01)));
        int sizes = 5 + random.nextInt(3);
        double miss = offCentre * between(random, -1, 1);
        double drift = 0.4 * offCentre * between(random, -1, 1) / BUDGETS;
        List<Cell> fixed = new ArrayList<>();
        List<Cell> further = new ArrayList<>();
        for (int b = 0; b < BUDGETS; b++) {
            double budget = 1e12 * Math.pow(2, b);
            double centre = Math.log(surface.bestParams(budget)) + miss + drift * (b - BUDGETS / 2);
            for (int i = 0; i < sizes; i++) {
                fixed.add(cell(budget, centre + Math.log(16) * ((double) i / (sizes - 1) - 0.5)));
            }
            double reach = Math.log(4 * AdaptiveRules.REACH);
            for (long i = (long) Math.ceil((centre - reach) / STEP); i <= (centre + reach) / STEP; i++) {
                further.add(cell(budget, i * STEP));
            }
        }
        double pilot = 1e12 * Math.pow(2, AdaptiveRules.PILOT_BUDGETS - 1);
        AdaptiveGrid grid = new AdaptiveGrid(
                fixed.stream().filter(cell -> cell.budgetFlops() <= pilot).toList(),
                fixed.stream().filter(cell -> cell.budgetFlops() > pilot).toList(),
                further);
        return new SimulatedGrid(surface, grid, noise, random);
    }

    private static Cell cell(double budget, double logParams) {
        double params = Math.exp(logParams);
        return new Cell(budget, params, budget / (6 * params), 1, budget);
    }

    Observation result(Cell cell) {
        double loss = surface.at(cell.params(), cell.tokens()) * Math.exp(noise * random.nextGaussian());
        return new Observation("r" + results++, cell.budgetFlops(), cell.params(), cell.tokens(), loss);
    }

    /** The results of the grid as the study file has it. */
    List<Observation> fixed() {
        return Stream.concat(grid.pilot().stream(), grid.planned().stream())
                .map(this::result)
                .toList();
    }

    /** The results of the study as it decides itself, one run after the other. */
    Adapted adapted() {
        List<Cell> waiting = new ArrayList<>(grid.pilot());
        Set<Cell> closed = new HashSet<>();
        List<Observation> found = new ArrayList<>();
        List<AdaptiveDecision> decisions = new ArrayList<>();
        double flops = 0;
        while (!waiting.isEmpty()) {
            Cell cell = waiting.remove(0);
            found.add(result(cell));
            closed.add(cell);
            flops += cell.flops();
            List<AdaptiveDecision> now = AdaptiveRules.decide(
                    grid, new AdaptiveProgress(found, Set.copyOf(waiting), Set.copyOf(closed), flops));
            for (AdaptiveDecision decision : now) {
                if (decision instanceof AdaptiveDecision.OpenBudget open) {
                    waiting.addAll(open.cells());
                } else if (decision instanceof AdaptiveDecision.SpendRest rest) {
                    waiting.addAll(rest.cells());
                } else if (decision instanceof AdaptiveDecision.StopCells stop) {
                    waiting.removeAll(stop.cells());
                    closed.addAll(stop.cells());
                }
            }
            decisions.addAll(now);
        }
        return new Adapted(found, decisions, flops);
    }

    /** What became of a study that adapted itself. */
    record Adapted(List<Observation> results, List<AdaptiveDecision> decisions, double flops) {}

    private static double between(Random random, double low, double high) {
        return low + (high - low) * random.nextDouble();
    }
}

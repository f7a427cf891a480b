package org.isofleet.metrics.adaptive;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Which sizes of a budget lie best around an optimum. */
final class Centring {
    private Centring() {}

    /**
     * The nearest one to the optimum, and then again and again the one that is farthest in the logarithm from all that are chosen. That makes
     * them evenly apart, also where there are sizes on one side only.
     *
     * @param logParams the optimum
     * @param candidates of one budget
     * @param flops what they may take together
     */
    static List<Cell> around(double logParams, List<Cell> candidates, double flops) {
        List<Cell> pool = new ArrayList<>(candidates.stream()
                .sorted(Comparator.comparingDouble(cell -> off(cell, logParams)))
                .toList());
        int within = (int) pool.stream()
                .filter(cell -> off(cell, logParams) <= Math.log(AdaptiveRules.REACH))
                .count();
        pool = new ArrayList<>(pool.subList(0, Math.min(pool.size(), Math.max(within, AdaptiveRules.SIZES))));
        List<Cell> chosen = new ArrayList<>();
        double left = flops;
        while (chosen.size() < AdaptiveRules.SIZES && !pool.isEmpty()) {
            Cell next = chosen.isEmpty()
                    ? pool.get(0)
                    : pool.stream()
                            .max(Comparator.comparingDouble(cell -> apart(cell, chosen)))
                            .orElseThrow();
            pool.remove(next);
            if (next.flops() <= left * (1 + AdaptiveRules.ROUNDING)) {
                chosen.add(next);
                left -= next.flops();
            }
        }
        return chosen.stream().sorted(Comparator.comparingDouble(Cell::params)).toList();
    }

    private static double off(Cell cell, double logParams) {
        return Math.abs(Math.log(cell.params()) - logParams);
    }

    private static double apart(Cell cell, List<Cell> chosen) {
        return chosen.stream()
                .mapToDouble(other -> Math.abs(Math.log(cell.params() / other.params())))
                .min()
                .orElseThrow();
    }
}

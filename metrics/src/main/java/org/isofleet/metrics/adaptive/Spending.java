package org.isofleet.metrics.adaptive;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Cells that a sum of compute is best spent on.
 *
 * @param before deviation of the best log N at the far budget
 * @param after what is expected of it with these cells
 */
record Spending(List<Cell> cells, double before, double after) {
    /** One cell after the other: whichever takes most off the variance for its compute, those before it taken as trained. */
    static Spending of(LossLaw.Known law, double farFlops, List<Cell> candidates, double flops) {
        List<Cell> pool = new ArrayList<>(candidates);
        List<Cell> chosen = new ArrayList<>();
        LossLaw.Known expected = law;
        double left = flops;
        for (Cell next = best(expected, farFlops, pool, left); next != null; ) {
            chosen.add(next);
            pool.remove(next);
            left -= next.flops();
            expected = expected.with(next);
            next = best(expected, farFlops, pool, left);
        }
        return new Spending(chosen, law.deviationAt(farFlops), expected.deviationAt(farFlops));
    }

    private static @Nullable Cell best(LossLaw.Known law, double farFlops, List<Cell> pool, double flops) {
        Cell best = null;
        double most = 0;
        for (Cell cell : pool) {
            double gain = Math.pow(law.influence(cell, farFlops), 2);
            if (cell.flops() <= flops * (1 + AdaptiveRules.ROUNDING)
                    && gain >= AdaptiveRules.LEAST_GAIN
                    && gain / cell.flops() > most) {
                most = gain / cell.flops();
                best = cell;
            }
        }
        return best;
    }
}

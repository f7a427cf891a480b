package org.isofleet.protocol.study;

import static org.isofleet.protocol.study.Requirement.require;

import java.util.List;

/**
 * Cells that are trained again with other seeds, which measures the noise of the metrics: at budgets that span the ladder, the fitted
 * size in the middle.
 *
 * @param seeds besides those of every cell; none for no repeats
 * @param cells of each resolution, at as many budgets
 */
public record Repeats(List<Long> seeds, int cells) {
    public Repeats {
        seeds = List.copyOf(seeds);
        require(seeds.stream().distinct().count() == seeds.size(), "repeats.seeds may name each seed once: %s", seeds);
        require(cells >= 1, "repeats.cells must be at least 1, not %d", cells);
    }
}

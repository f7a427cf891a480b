package org.isofleet.metrics.adaptive;

import java.util.List;
import java.util.Set;
import org.isofleet.metrics.scaling.Observation;

/**
 * How far a study has come at one resolution. Runs that are still trained are here without any loss of theirs: in the middle of a decay of the
 * learning rate it says nothing about the end.
 *
 * @param results of runs that have ended
 * @param open cells that are to be trained and have not ended
 * @param closed cells that have ended, with a result or without, or were stopped
 * @param closedFlops what training the closed ones took
 */
public record AdaptiveProgress(List<Observation> results, Set<Cell> open, Set<Cell> closed, double closedFlops) {
    public AdaptiveProgress {
        results = List.copyOf(results);
        open = Set.copyOf(open);
        closed = Set.copyOf(closed);
    }

    boolean knows(Cell cell) {
        return open.contains(cell) || closed.contains(cell);
    }

    /** What open and closed cells take. */
    double flops() {
        return closedFlops + open.stream().mapToDouble(Cell::flops).sum();
    }
}

package org.isofleet.metrics.adaptive;

import static org.isofleet.protocol.study.Requirement.require;

import java.util.List;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * What a study may train at one resolution.
 *
 * @param pilot the cells of the lowest budgets, which are trained before anything is decided
 * @param planned the cells that the study file has at the budgets above
 * @param further other sizes, at all budgets
 */
public record AdaptiveGrid(List<Cell> pilot, List<Cell> planned, List<Cell> further) {
    public AdaptiveGrid {
        pilot = List.copyOf(pilot);
        planned = List.copyOf(planned);
        further = List.copyOf(further);
        require(!pilot.isEmpty() && !planned.isEmpty(), "a study that adapts needs budgets to learn from and others");
    }

    /** What the fixed grid of the study file would take: more is never spent. */
    public double flops() {
        return Stream.concat(pilot.stream(), planned.stream())
                .mapToDouble(Cell::flops)
                .sum();
    }

    /** The budgets above those of the pilot, the lowest first. */
    TreeSet<Double> budgets() {
        TreeSet<Double> budgets = new TreeSet<>();
        planned.forEach(cell -> budgets.add(cell.budgetFlops()));
        return budgets;
    }

    /** Every cell that is not in the pilot. */
    Stream<Cell> candidates() {
        return Stream.concat(planned.stream(), further.stream());
    }
}

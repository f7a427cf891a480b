package org.isofleet.metrics.adaptive;

import static org.isofleet.protocol.study.Requirement.require;
import static org.isofleet.protocol.study.Requirement.requirePositive;

/**
 * A size at a budget.
 *
 * @param budgetFlops budget of the grid
 * @param params N
 * @param tokens D
 * @param runs seeds that it is trained with
 * @param flops what training them all takes
 */
public record Cell(double budgetFlops, double params, double tokens, int runs, double flops) {
    public Cell {
        requirePositive(budgetFlops, "the budget of a cell");
        requirePositive(params, "the parameters of a cell");
        requirePositive(tokens, "the tokens of a cell");
        requirePositive(flops, "the compute of a cell");
        require(runs >= 1, "a cell has a run at least");
    }
}

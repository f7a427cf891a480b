package org.isofleet.metrics.adaptive;

import java.util.List;

/** Something that a study which adapts itself decides, with its reason. */
public sealed interface AdaptiveDecision {
    /** One line for people, with the numbers that it rests on. */
    String reason();

    /** The next budget begins, with these sizes. */
    record OpenBudget(double budgetFlops, List<Cell> cells, String reason) implements AdaptiveDecision {
        public OpenBudget {
            cells = List.copyOf(cells);
        }
    }

    /** These are not trained, or no further. */
    record StopCells(List<Cell> cells, String reason) implements AdaptiveDecision {
        public StopCells {
            cells = List.copyOf(cells);
        }
    }

    /** What is left of the compute goes here. */
    record SpendRest(List<Cell> cells, String reason) implements AdaptiveDecision {
        public SpendRest {
            cells = List.copyOf(cells);
        }
    }
}

package org.isofleet.metrics.scaling;

import static org.isofleet.protocol.study.Requirement.require;
import static org.isofleet.protocol.study.Requirement.requirePositive;

/**
 * A finished run as the fits see it.
 *
 * @param label what a person calls it: a row number or a run id
 * @param budgetFlops its budget
 * @param params N
 * @param tokens D
 * @param metric loss, distance or accuracy
 */
public record Observation(String label, double budgetFlops, double params, double tokens, double metric) {
    public Observation {
        requirePositive(budgetFlops, "the budget of a point");
        requirePositive(params, "the parameters of a point");
        requirePositive(tokens, "the tokens of a point");
        require(Double.isFinite(metric), "the metric of a point must be a finite number, not %s", metric);
    }
}

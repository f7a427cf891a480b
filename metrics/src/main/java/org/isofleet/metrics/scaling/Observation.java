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
 * @param training how it was trained, for labels
 */
public record Observation(
        String label, double budgetFlops, double params, double tokens, double metric, Training training) {
    public Observation {
        requirePositive(budgetFlops, "the budget of a point");
        requirePositive(params, "the parameters of a point");
        requirePositive(tokens, "the tokens of a point");
        require(Double.isFinite(metric), "the metric of a point must be a finite number, not %s", metric);
    }

    /** A run of whose training nothing more is known. */
    public Observation(String label, double budgetFlops, double params, double tokens, double metric) {
        this(label, budgetFlops, params, tokens, metric, Training.UNKNOWN);
    }

    /**
     * What makes a run a poor point of a law.
     *
     * @param steps of the optimizer; NaN when unknown
     * @param epochs over the training images; NaN when unknown
     * @param headShare of N; NaN when unknown
     */
    public record Training(double steps, double epochs, double headShare) {
        public static final Training UNKNOWN = new Training(Double.NaN, Double.NaN, Double.NaN);
    }
}

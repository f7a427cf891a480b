package org.isofleet.metrics.scaling;

/**
 * A finished run as the fits see it.
 *
 * @param label what a person calls it: a row number or a run id
 * @param budgetFlops its budget
 * @param params N
 * @param tokens D
 * @param metric loss, distance or accuracy
 */
public record Observation(String label, double budgetFlops, double params, double tokens, double metric) {}

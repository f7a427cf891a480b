package org.isofleet.coordinator.plan;

import static org.isofleet.protocol.study.Requirement.require;
import static org.isofleet.protocol.study.Requirement.requirePositive;

import org.isofleet.protocol.study.RateRule;

/**
 * The learning rate of a cell, {@code coefficient N^paramsExponent batch^batchExponent}, and beta2.
 *
 * @param source where it comes from, for the report: a citation or "the study file"
 */
public record TuningRule(double coefficient, double paramsExponent, double batchExponent, double beta2, String source) {
    public TuningRule {
        requirePositive(coefficient, "coefficient of the learning-rate rule");
        require(
                Double.isFinite(paramsExponent) && Double.isFinite(batchExponent),
                "the exponents of a learning-rate rule must be finite");
        require(beta2 > 0 && beta2 < 1, "beta2 must lie in (0, 1), not %s", beta2);
    }

    /** The rule that a study file states itself. */
    public static TuningRule of(RateRule.PowerLaw law) {
        return new TuningRule(
                law.coefficient(), law.paramsExponent(), law.batchExponent(), law.beta2(), "the study file");
    }

    /** The rate for N parameters and a batch of images, to three digits. */
    public double learningRate(double params, int batch) {
        double rate = coefficient * StrictMath.pow(params, paramsExponent) * StrictMath.pow(batch, batchExponent);
        return Rounding.digits(rate, 3);
    }

    @Override
    public String toString() {
        String law = paramsExponent == 0 && batchExponent == 0
                ? String.format(java.util.Locale.ROOT, "%.3g", coefficient)
                : String.format(
                        java.util.Locale.ROOT, "%.4g N^%.3f batch^%.3f", coefficient, paramsExponent, batchExponent);
        return law + ", beta2 " + beta2 + " (" + source + ")";
    }
}

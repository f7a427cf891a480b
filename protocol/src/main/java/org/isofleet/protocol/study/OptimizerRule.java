package org.isofleet.protocol.study;

import static org.isofleet.protocol.study.Requirement.require;
import static org.isofleet.protocol.study.Requirement.requirePositive;
import static org.isofleet.protocol.study.Requirement.requireWithin;

/**
 * What {@link OptimizerSpec} every cell gets: the rate by a rule, the rest the same for all.
 *
 * @param rate where learning rate and beta2 come from
 */
public record OptimizerRule(RateRule rate, double beta1, double epsilon, double weightDecay, double clipNorm) {
    public OptimizerRule {
        require(beta1 >= 0 && beta1 < 1, "beta1 must lie in [0, 1), not %s", beta1);
        requirePositive(epsilon, "epsilon");
        requireWithin(weightDecay, 0, 1, "weight-decay");
        requirePositive(clipNorm, "clip-norm");
    }

    /** The settings of a cell whose rate and beta2 are known. */
    public OptimizerSpec with(double learningRate, double beta2) {
        return new OptimizerSpec(learningRate, beta1, beta2, epsilon, weightDecay, clipNorm);
    }
}

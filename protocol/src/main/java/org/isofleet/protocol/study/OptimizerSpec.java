package org.isofleet.protocol.study;

import static org.isofleet.protocol.study.Requirement.require;
import static org.isofleet.protocol.study.Requirement.requirePositive;
import static org.isofleet.protocol.study.Requirement.requireWithin;

/**
 * AdamW with decoupled weight decay (Loshchilov and Hutter 2019, arXiv 1711.05101) and clipping by the global norm.
 *
 * @param learningRate peak rate, reached at the end of warm-up
 * @param beta1 decay of the first moment
 * @param beta2 decay of the second moment
 * @param epsilon added to the root of the second moment
 * @param weightDecay decay a step as a share of the rate; applied to matrix weights only
 * @param clipNorm largest global norm of the mean gradient of a token
 */
public record OptimizerSpec(
        double learningRate, double beta1, double beta2, double epsilon, double weightDecay, double clipNorm) {
    public OptimizerSpec {
        requirePositive(learningRate, "learning rate");
        require(beta1 >= 0 && beta1 < 1, "beta1 must lie in [0, 1), not %s", beta1);
        require(beta2 > 0 && beta2 < 1, "beta2 must lie in (0, 1), not %s", beta2);
        requirePositive(epsilon, "epsilon");
        requireWithin(weightDecay, 0, 1, "weight decay");
        requirePositive(clipNorm, "clip norm");
    }

    /** The defaults of this project: beta1 0.9, epsilon 1e-8, weight decay 0.1, clip norm 1. */
    public static OptimizerSpec of(double learningRate, double beta2) {
        return new OptimizerSpec(learningRate, 0.9, beta2, 1e-8, 0.1, 1.0);
    }
}

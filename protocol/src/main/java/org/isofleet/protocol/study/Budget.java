package org.isofleet.protocol.study;

import static org.isofleet.protocol.study.Requirement.requirePositive;

/**
 * A training budget.
 *
 * @param flops floating-point operations counted as 6 N D
 */
public record Budget(double flops) implements Comparable<Budget> {
    public Budget {
        requirePositive(flops, "budget");
    }

    /** D: tokens that a model of N parameters may see. */
    public double tokensFor(ModelShape shape) {
        return flops / shape.flops6nPerToken();
    }

    @Override
    public int compareTo(Budget other) {
        return Double.compare(flops, other.flops);
    }
}

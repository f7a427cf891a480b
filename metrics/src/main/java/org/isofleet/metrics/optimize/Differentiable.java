package org.isofleet.metrics.optimize;

/** A function of many variables with its gradient. */
@FunctionalInterface
public interface Differentiable {
    /**
     * @param x where to evaluate; not changed
     * @param gradient overwritten with the gradient at {@code x}
     * @return the value at {@code x}
     */
    double evaluate(double[] x, double[] gradient);
}

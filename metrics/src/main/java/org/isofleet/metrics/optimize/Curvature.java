package org.isofleet.metrics.optimize;

/** The last pairs of steps and gradient differences, as a ring, and their product with a gradient. */
final class Curvature {
    private final double[][] steps;
    private final double[][] differences;
    private final double[] inverseDots;
    private int added;

    Curvature(int memory, int dimension) {
        steps = new double[memory][dimension];
        differences = new double[memory][dimension];
        inverseDots = new double[memory];
    }

    boolean empty() {
        return added == 0;
    }

    /** Takes the pair in, unless rounding left it without curvature. */
    void add(double[] x, double[] next, double[] gradient, double[] nextGradient) {
        int slot = added % steps.length;
        double[] s = steps[slot];
        double[] y = differences[slot];
        for (int i = 0; i < x.length; i++) {
            s[i] = next[i] - x[i];
            y[i] = nextGradient[i] - gradient[i];
        }
        double dot = Lbfgs.dot(s, y);
        if (dot > 0) {
            inverseDots[slot] = 1 / dot;
            added++;
        }
    }

    /** Writes minus the modelled inverse Hessian times the gradient; steepest descent while no pair is known. */
    void direction(double[] gradient, double[] direction) {
        int memory = steps.length;
        int kept = Math.min(added, memory);
        double[] weights = new double[kept];
        for (int i = 0; i < direction.length; i++) {
            direction[i] = -gradient[i];
        }
        for (int k = 0; k < kept; k++) {
            int slot = (added - 1 - k) % memory;
            weights[k] = inverseDots[slot] * Lbfgs.dot(steps[slot], direction);
            addScaled(direction, -weights[k], differences[slot]);
        }
        if (kept > 0) {
            int newest = (added - 1) % memory;
            double scale = 1 / (inverseDots[newest] * Lbfgs.dot(differences[newest], differences[newest]));
            for (int i = 0; i < direction.length; i++) {
                direction[i] *= scale;
            }
        }
        for (int k = kept - 1; k >= 0; k--) {
            int slot = (added - 1 - k) % memory;
            double back = inverseDots[slot] * Lbfgs.dot(differences[slot], direction);
            addScaled(direction, weights[k] - back, steps[slot]);
        }
    }

    private static void addScaled(double[] target, double factor, double[] source) {
        for (int i = 0; i < target.length; i++) {
            target[i] += factor * source[i];
        }
    }
}

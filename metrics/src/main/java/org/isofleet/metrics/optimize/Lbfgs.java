package org.isofleet.metrics.optimize;

/**
 * Limited-memory BFGS (Liu and Nocedal 1989).
 *
 * <p>The last few pairs of steps s and gradient differences y stand for the inverse Hessian; the two-loop recursion (Nocedal and
 * Wright, algorithm 7.4) multiplies it with the gradient. The step length satisfies the weak Wolfe conditions and is found by
 * doubling and bisection (Lewis and Overton 2013), which needs no derivative interpolation and ends on any smooth function that
 * is bounded below. The weak Wolfe condition makes s.y positive, so every pair keeps the model positive definite.
 *
 * @param memory pairs that are kept
 * @param maxIterations steps at most
 * @param gradientTolerance ends when the largest gradient component is below it
 * @param valueTolerance ends when a step lowers the value by less than this share of it
 */
public record Lbfgs(int memory, int maxIterations, double gradientTolerance, double valueTolerance) {
    private static final double ARMIJO = 1e-4;
    private static final double CURVATURE = 0.9;
    private static final int MAX_TRIALS = 40;

    public Lbfgs {
        if (memory < 1 || maxIterations < 0) {
            throw new IllegalArgumentException("memory " + memory + ", iterations " + maxIterations);
        }
    }

    /**
     * Where the descent ended.
     *
     * @param x the best point, owned by the caller
     * @param value at {@code x}
     * @param iterations steps taken
     */
    @SuppressWarnings("ArrayRecordComponent") // a result that nobody compares
    public record Minimum(double[] x, double value, int iterations) {}

    /** Descends from {@code start}, which is not changed. */
    public Minimum minimise(Differentiable function, double[] start) {
        int n = start.length;
        double[] x = start.clone();
        double[] gradient = new double[n];
        double value = function.evaluate(x, gradient);
        double[] next = new double[n];
        double[] nextGradient = new double[n];
        double[] direction = new double[n];
        Curvature curvature = new Curvature(memory, n);
        int iteration = 0;
        while (iteration < maxIterations && largest(gradient) > gradientTolerance) {
            curvature.direction(gradient, direction);
            double slope = dot(gradient, direction);
            double low = 0;
            double high = Double.POSITIVE_INFINITY;
            double length = curvature.empty() ? Math.min(1, 1 / Math.sqrt(-slope)) : 1;
            double nextValue = value;
            boolean lowered = false;
            for (int trial = 0; trial < MAX_TRIALS; trial++) {
                for (int i = 0; i < n; i++) {
                    next[i] = x[i] + length * direction[i];
                }
                nextValue = function.evaluate(next, nextGradient);
                boolean descends = nextValue <= value + ARMIJO * length * slope; // false for NaN
                if (descends && dot(nextGradient, direction) >= CURVATURE * slope) {
                    lowered = true;
                    break;
                }
                if (descends) {
                    low = length;
                } else {
                    high = length;
                }
                length = Double.isInfinite(high) ? 2 * low : (low + high) / 2;
            }
            if (!lowered) {
                break; // the value cannot be told apart from its neighbours any more
            }
            curvature.add(x, next, gradient, nextGradient);
            double gain = value - nextValue;
            System.arraycopy(next, 0, x, 0, n);
            System.arraycopy(nextGradient, 0, gradient, 0, n);
            value = nextValue;
            iteration++;
            if (gain <= valueTolerance * Math.abs(value)) {
                break;
            }
        }
        return new Minimum(x, value, iteration);
    }

    private static double largest(double[] v) {
        double largest = 0;
        for (double e : v) {
            largest = Math.max(largest, Math.abs(e));
        }
        return largest;
    }

    static double dot(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }
}

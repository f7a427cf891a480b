package org.isofleet.metrics.scaling;

/**
 * Weighted least squares for E, A and B with A and B, and E unless it is free, at least zero.
 *
 * <p>With three unknowns the sets of unknowns that may be positive can be counted out: the solution is the best of those
 * unconstrained solutions that have the right signs (Lawson and Hanson 1974, chapter 23). Each is solved by modified Gram-Schmidt
 * with the right-hand side as last column, which is backward stable where normal equations would square the condition number.
 */
final class NonNegativeTriple {
    /** Sets of columns, the full one first: bit 0 for E, 1 for A, 2 for B. */
    private static final int[] SETS = {0b111, 0b011, 0b101, 0b110, 0b001, 0b010, 0b100};

    private final double[] solution = new double[3];
    private final double[] best = new double[3];
    private final double[][] work;

    NonNegativeTriple(int points) {
        work = new double[4][points];
    }

    /**
     * Solves; {@link #solution} then holds E, A, B.
     *
     * @param columns weighted 1, N^-alpha and D^-beta of each point
     * @param right weighted values
     * @return sum of squared weighted residuals
     */
    double solve(double[][] columns, double[] right, boolean freeE) {
        double least = Double.POSITIVE_INFINITY;
        for (int set : SETS) {
            if (freeE && (set & 1) == 0) {
                continue;
            }
            double residual = solve(columns, right, set);
            if (residual < least && feasible(freeE)) {
                least = residual;
                System.arraycopy(solution, 0, best, 0, 3);
                if (set == 0b111) {
                    break; // nothing with fewer unknowns can be better
                }
            }
        }
        return least;
    }

    double[] solution() {
        return best;
    }

    private boolean feasible(boolean freeE) {
        return (freeE || solution[0] >= 0) && solution[1] >= 0 && solution[2] >= 0;
    }

    private double solve(double[][] columns, double[] right, int set) {
        double[][] upper = new double[4][4];
        int[] chosen = new int[4];
        int size = 0;
        for (int c = 0; c < 3; c++) {
            solution[c] = 0;
            if ((set >> c & 1) == 1) {
                System.arraycopy(columns[c], 0, work[size], 0, right.length);
                chosen[size++] = c;
            }
        }
        System.arraycopy(right, 0, work[size], 0, right.length);
        for (int i = 0; i < size; i++) {
            double norm = Math.sqrt(dot(work[i], work[i]));
            if (norm == 0) {
                return Double.POSITIVE_INFINITY;
            }
            upper[i][i] = norm;
            for (int j = i + 1; j <= size; j++) {
                double share = dot(work[i], work[j]) / (norm * norm);
                upper[i][j] = share * norm;
                for (int k = 0; k < right.length; k++) {
                    work[j][k] -= share * work[i][k];
                }
            }
        }
        for (int i = size - 1; i >= 0; i--) {
            double rest = upper[i][size];
            for (int j = i + 1; j < size; j++) {
                rest -= upper[i][j] * solution[chosen[j]];
            }
            solution[chosen[i]] = rest / upper[i][i];
        }
        return dot(work[size], work[size]);
    }

    private static double dot(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }
}

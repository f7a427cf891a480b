package org.isofleet.metrics.frechet;

import java.util.Arrays;

/**
 * A = F' F of a positive semidefinite matrix, F with as many rows as A has rank: Cholesky's decomposition that always takes the largest
 * remaining diagonal entry next, and ends when that is rounding noise, dimension x 2^-52 x the largest entry (Higham 1990; the rule of
 * LAPACK's {@code dpstrf}). Directions that a covariance of few samples lacks are thus left out, instead of coming back as the roots of
 * rounding errors, which are a hundred million times as large as the errors.
 */
final class PivotedCholesky {
    private PivotedCholesky() {}

    /**
     * The rows of F.
     *
     * @param a [d][d], symmetric, positive semidefinite up to rounding
     * @return [rank][d]
     */
    static double[][] rows(double[][] a) {
        int d = a.length;
        double[] diagonal = new double[d];
        for (int i = 0; i < d; i++) {
            diagonal[i] = a[i][i];
        }
        double negligible = d * Math.ulp(1.0) * largest(diagonal);
        double[][] rows = new double[d][];
        double[] factors = new double[d];
        boolean[] done = new boolean[d];
        int rank = 0;
        for (; rank < d; rank++) {
            int pivot = indexOfLargest(diagonal);
            if (!(diagonal[pivot] > negligible)) {
                break;
            }
            for (int k = 0; k < rank; k++) {
                factors[k] = -rows[k][pivot];
            }
            double[] row = a[pivot].clone();
            RowSums.add(row, factors, rows, rank);
            finish(row, pivot, diagonal, done);
            rows[rank] = row;
        }
        return Arrays.copyOf(rows, rank);
    }

    private static void finish(double[] row, int pivot, double[] diagonal, boolean[] done) {
        double root = Math.sqrt(diagonal[pivot]);
        done[pivot] = true;
        for (int i = 0; i < row.length; i++) {
            if (i == pivot) {
                row[i] = root;
                diagonal[i] = Double.NEGATIVE_INFINITY;
            } else if (done[i]) {
                row[i] = 0;
            } else {
                row[i] /= root;
                diagonal[i] -= row[i] * row[i];
            }
        }
    }

    private static double largest(double[] values) {
        return Math.max(0, values[indexOfLargest(values)]);
    }

    private static int indexOfLargest(double[] values) {
        int best = 0;
        for (int i = 1; i < values.length; i++) {
            best = values[i] > values[best] ? i : best;
        }
        return best;
    }
}

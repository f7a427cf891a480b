package org.isofleet.coordinator.plan;

/** Least squares with a few unknowns by the normal equations, columns centred implicitly by the constant one. */
final class LeastSquares {
    private LeastSquares() {}

    /** The x of least |A x - y|, by Gauss-Jordan elimination with pivoting of A'A x = A'y. */
    static double[] solve(double[][] a, double[] y) {
        int unknowns = a[0].length;
        double[][] m = new double[unknowns][unknowns + 1];
        for (int row = 0; row < a.length; row++) {
            for (int i = 0; i < unknowns; i++) {
                for (int j = 0; j < unknowns; j++) {
                    m[i][j] += a[row][i] * a[row][j];
                }
                m[i][unknowns] += a[row][i] * y[row];
            }
        }
        for (int i = 0; i < unknowns; i++) {
            eliminate(m, i);
        }
        double[] x = new double[unknowns];
        for (int i = 0; i < unknowns; i++) {
            x[i] = m[i][unknowns] / m[i][i];
        }
        return x;
    }

    private static void eliminate(double[][] m, int column) {
        int pivot = column;
        for (int row = column + 1; row < m.length; row++) {
            if (Math.abs(m[row][column]) > Math.abs(m[pivot][column])) {
                pivot = row;
            }
        }
        double[] swapped = m[pivot];
        m[pivot] = m[column];
        m[column] = swapped;
        for (int row = 0; row < m.length; row++) {
            if (row != column) {
                double factor = m[row][column] / m[column][column];
                for (int j = column; j < m[row].length; j++) {
                    m[row][j] -= factor * m[column][j];
                }
            }
        }
    }
}

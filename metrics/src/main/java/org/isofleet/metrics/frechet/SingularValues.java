package org.isofleet.metrics.frechet;

/**
 * Singular values alone. Householder reflections from left and right make the matrix bidiagonal (Golub and Kahan 1965); its singular
 * values are the eigenvalues above 0 of the tridiagonal matrix that has a diagonal of zeros and the bidiagonal's entries, d1, e1, d2,
 * ..., beside it; those are found by the implicit QL algorithm (Dubrulle 1970). The error of each is some 2^-52 of the largest, of the
 * smallest ones too: they are never squared.
 */
final class SingularValues {
    private static final int MOST_SWEEPS = 60;

    private SingularValues() {}

    /**
     * The sum of the singular values, the nuclear norm.
     *
     * @param matrix [rows][columns], at least as many rows as columns; overwritten
     */
    static double sum(double[][] matrix) {
        if (matrix.length == 0 || matrix[0].length == 0) {
            return 0;
        }
        double[] beside = bidiagonal(matrix);
        double[] eigenvalues = new double[beside.length];
        double norm = 0;
        for (double entry : beside) {
            norm = Math.max(norm, Math.abs(entry));
        }
        eigenvalues(eigenvalues, beside, Math.ulp(1.0) / 4 * norm);
        double sum = 0;
        for (double each : eigenvalues) {
            sum += Math.abs(each) / 2; // they come in pairs
        }
        return sum;
    }

    /** The entries d1, e1, d2, e2, ..., dn and a 0. */
    private static double[] bidiagonal(double[][] m) {
        int columns = m[0].length;
        double[] entries = new double[2 * columns];
        double[] left = new double[m.length];
        double[] right = new double[columns];
        double[] sums = new double[columns];
        for (int k = 0; k < columns; k++) {
            for (int i = k; i < m.length; i++) {
                left[i] = m[i][k];
            }
            entries[2 * k] = reflector(left, k);
            java.util.Arrays.fill(sums, 0);
            for (int i = k; i < m.length; i++) {
                RowSums.add(sums, left[i], m[i], k + 1);
            }
            for (int j = k + 1; j < columns; j++) {
                right[j] = m[k][j] - left[k] * sums[j];
            }
            entries[2 * k + 1] = reflector(right, k + 1);
            for (int i = k; i < m.length; i++) {
                double[] row = m[i];
                RowSums.add(row, -left[i], sums, k + 1);
                RowSums.add(row, -product(row, right, k + 1), right, k + 1);
            }
        }
        return entries;
    }

    /**
     * Makes of a vector x, from {@code from} on, the v of the reflection I - v v' that maps it to a multiple of the first axis, which is
     * returned. |v|^2 is 2, or 0 where there is nothing to reflect.
     */
    private static double reflector(double[] x, int from) {
        double largest = 0;
        for (int i = from; i < x.length; i++) {
            largest = Math.max(largest, Math.abs(x[i]));
        }
        if (largest == 0) {
            return 0;
        }
        double squares = 0;
        for (int i = from; i < x.length; i++) {
            x[i] /= largest;
            squares += x[i] * x[i];
        }
        double norm = x[from] > 0 ? -Math.sqrt(squares) : Math.sqrt(squares);
        x[from] -= norm;
        double scale = 1 / Math.sqrt(-norm * x[from]); // |v|^2 = -2 norm v1 before scaling
        for (int i = from; i < x.length; i++) {
            x[i] *= scale;
        }
        return norm * largest;
    }

    /** Four sums, so that additions need not wait for each other. */
    private static double product(double[] a, double[] b, int from) {
        double s = 0;
        double t = 0;
        double u = 0;
        double v = 0;
        int j = from;
        for (; j + 3 < a.length; j += 4) {
            s += a[j] * b[j];
            t += a[j + 1] * b[j + 1];
            u += a[j + 2] * b[j + 2];
            v += a[j + 3] * b[j + 3];
        }
        for (; j < a.length; j++) {
            s += a[j] * b[j];
        }
        return (s + t) + (u + v);
    }

    /**
     * Eigenvalues of a symmetric tridiagonal matrix.
     *
     * @param d the diagonal, overwritten by the eigenvalues
     * @param e the entries beside it, the last of them unused; overwritten
     * @param negligible entries beside the diagonal up to here are 0
     */
    private static void eigenvalues(double[] d, double[] e, double negligible) {
        for (int l = 0; l < d.length; l++) {
            for (int sweep = 0; ; sweep++) {
                int m = l;
                while (m < d.length - 1 && !small(e[m], d[m], d[m + 1], negligible)) {
                    m++;
                }
                if (m == l) {
                    break;
                }
                if (sweep == MOST_SWEEPS) {
                    throw new ArithmeticException("an eigenvalue was not found in " + MOST_SWEEPS + " sweeps");
                }
                sweep(d, e, l, m);
            }
        }
    }

    private static boolean small(double entry, double before, double after, double negligible) {
        double size = Math.abs(entry);
        return size <= negligible || size <= Math.ulp(1.0) / 2 * (Math.abs(before) + Math.abs(after));
    }

    /** One implicit QL sweep over l..m, shifted by the eigenvalue of the leading 2x2 matrix that is nearer to d[l] (Wilkinson). */
    private static void sweep(double[] d, double[] e, int l, int m) {
        double half = (d[l + 1] - d[l]) / (2 * e[l]);
        double root = Math.hypot(half, 1);
        double g = d[m] - d[l] + e[l] / (half + Math.copySign(root, half));
        double sine = 1;
        double cosine = 1;
        double shift = 0;
        for (int i = m - 1; i >= l; i--) {
            double f = sine * e[i];
            double b = cosine * e[i];
            double r = Math.hypot(f, g);
            e[i + 1] = r;
            if (r == 0) {
                d[i + 1] -= shift;
                e[m] = 0;
                return;
            }
            sine = f / r;
            cosine = g / r;
            g = d[i + 1] - shift;
            r = (d[i] - g) * sine + 2 * cosine * b;
            shift = sine * r;
            d[i + 1] = g + shift;
            g = cosine * r - b;
        }
        d[l] -= shift;
        e[l] = g;
        e[m] = 0;
    }
}

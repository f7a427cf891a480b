package org.isofleet.metrics.frechet;

/**
 * Sums of scaled rows, the one loop that all products here are made of. Eight rows at once, so that the sum is read and written once for
 * eight products, and with the same index on every array: so C2 vectorizes it, as it does no sum of products into one number.
 */
final class RowSums {
    private static final int AT_ONCE = 8;

    private RowSums() {}

    /** Adds the first {@code count} rows, each times its factor, to a sum that is at most as long as they are. */
    static void add(double[] sum, double[] factors, double[][] rows, int count) {
        int k = 0;
        for (; k + AT_ONCE <= count; k += AT_ONCE) {
            addEight(sum, factors, rows, k);
        }
        for (; k < count; k++) {
            add(sum, factors[k], rows[k], 0);
        }
    }

    /** Adds one row from an index on. */
    static void add(double[] sum, double factor, double[] row, int from) {
        for (int j = from; j < sum.length; j++) {
            sum[j] += factor * row[j];
        }
    }

    private static void addEight(double[] sum, double[] factors, double[][] rows, int k) {
        double[] a = rows[k];
        double[] b = rows[k + 1];
        double[] c = rows[k + 2];
        double[] d = rows[k + 3];
        double[] e = rows[k + 4];
        double[] f = rows[k + 5];
        double[] g = rows[k + 6];
        double[] h = rows[k + 7];
        double p = factors[k];
        double q = factors[k + 1];
        double r = factors[k + 2];
        double s = factors[k + 3];
        double t = factors[k + 4];
        double u = factors[k + 5];
        double v = factors[k + 6];
        double w = factors[k + 7];
        for (int j = 0; j < sum.length; j++) {
            sum[j] += (p * a[j] + q * b[j]) + (r * c[j] + s * d[j]) + (t * e[j] + u * f[j]) + (v * g[j] + w * h[j]);
        }
    }
}

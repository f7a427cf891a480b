package org.isofleet.metrics.frechet;

/**
 * The squared Fréchet (2-Wasserstein) distance of two Gaussians (Dowson and Landau 1982), the formula of the FID (Heusel et al. 2017):
 * {@code |m - n|^2 + tr A + tr B - 2 tr (A^(1/2) B A^(1/2))^(1/2)}.
 *
 * <p>The usual code takes the square root of the unsymmetric product A B and adds a small multiple of the identity when that fails. Here
 * A = F' F and B = G' G are factored with as many rows as they have rank ({@link PivotedCholesky}), and the trace of the root is the sum
 * of the singular values of F G' ({@link SingularValues}). No root of a rounding error is ever taken, so covariances of any rank will do, and
 * the error is some 2^-50 of the traces.
 */
public final class FrechetDistance {
    private FrechetDistance() {}

    /** The distance between the Gaussians with these moments, at least two vectors each. */
    public static double between(GaussianMoments one, GaussianMoments other) {
        return between(one.mean(), one.covariance(), other.mean(), other.covariance());
    }

    /**
     * The distance between two Gaussians, never below 0.
     *
     * @param meanA [d]
     * @param covarianceA [d][d], symmetric
     * @param meanB [d]
     * @param covarianceB [d][d], symmetric
     */
    public static double between(double[] meanA, double[][] covarianceA, double[] meanB, double[][] covarianceB) {
        if (meanA.length != meanB.length) {
            throw new IllegalArgumentException("dimensions " + meanA.length + " and " + meanB.length);
        }
        double distance = 0;
        for (int i = 0; i < meanA.length; i++) {
            double gap = meanA[i] - meanB[i];
            distance += gap * gap + covarianceA[i][i] + covarianceB[i][i];
        }
        return Math.max(0, distance - 2 * traceOfRoot(covarianceA, covarianceB));
    }

    private static double traceOfRoot(double[][] a, double[][] b) {
        double[][] f = PivotedCholesky.rows(a);
        double[][] g = PivotedCholesky.rows(b);
        return SingularValues.sum(f.length < g.length ? product(g, f) : product(f, g));
    }

    /** The products of the rows of one with the rows of the other, [rows of f][rows of g]. */
    private static double[][] product(double[][] f, double[][] g) {
        int d = f.length == 0 ? 0 : f[0].length;
        double[][] columns = new double[d][g.length];
        for (int i = 0; i < d; i++) {
            for (int k = 0; k < g.length; k++) {
                columns[i][k] = g[k][i];
            }
        }
        double[][] product = new double[f.length][g.length];
        for (int k = 0; k < f.length; k++) {
            RowSums.add(product[k], f[k], columns, d);
        }
        return product;
    }
}

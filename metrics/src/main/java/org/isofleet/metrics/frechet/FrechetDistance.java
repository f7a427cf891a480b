package org.isofleet.metrics.frechet;

import org.hipparchus.linear.EigenDecompositionSymmetric;
import org.hipparchus.linear.MatrixUtils;
import org.hipparchus.linear.RealMatrix;

/**
 * The squared Fréchet (2-Wasserstein) distance of two Gaussians (Dowson and Landau 1982), the formula of the FID (Heusel et al. 2017):
 * {@code |m - n|^2 + tr A + tr B - 2 tr (A^(1/2) B A^(1/2))^(1/2)}.
 *
 * <p>The usual code takes the square root of the unsymmetric product A B and adds a small multiple of the identity when that fails. Here
 * A = U diag(a) U' is decomposed once, and the trace of the root is the sum of the root eigenvalues of the symmetric matrix
 * {@code diag(sqrt a) U' B U diag(sqrt a)}. Eigenvalues that rounding made negative are zero, so covariances of any rank will do.
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
        EigenDecompositionSymmetric decomposed = new EigenDecompositionSymmetric(MatrixUtils.createRealMatrix(a));
        RealMatrix rotated =
                decomposed.getVT().multiply(MatrixUtils.createRealMatrix(b)).multiply(decomposed.getV());
        double[] roots = roots(decomposed.getEigenvalues());
        double[][] product = rotated.getData();
        for (int i = 0; i < roots.length; i++) {
            for (int j = 0; j <= i; j++) {
                double entry = roots[i] * roots[j] * (product[i][j] + product[j][i]) / 2;
                product[i][j] = entry;
                product[j][i] = entry;
            }
        }
        double trace = 0;
        for (double root :
                roots(new EigenDecompositionSymmetric(MatrixUtils.createRealMatrix(product)).getEigenvalues())) {
            trace += root;
        }
        return trace;
    }

    private static double[] roots(double[] eigenvalues) {
        double[] roots = new double[eigenvalues.length];
        for (int i = 0; i < roots.length; i++) {
            roots[i] = Math.sqrt(Math.max(0, eigenvalues[i]));
        }
        return roots;
    }
}

package org.isofleet.metrics.frechet;

/**
 * Mean and covariance of vectors in float64, one vector at a time; parts computed apart can be merged (Welford 1962; Chan, Golub and
 * LeVeque 1979). Sums of squared deviations are kept, not sums of squares, so a large mean costs no digits. Not thread-safe.
 */
public final class GaussianMoments {
    private final double[] mean;
    /** Sums of products of deviations; the lower triangle only. */
    private final double[][] products;

    private final double[] before;
    private final double[] after;
    private long count;

    public GaussianMoments(int dimension) {
        if (dimension < 1) {
            throw new IllegalArgumentException("vectors of dimension " + dimension);
        }
        mean = new double[dimension];
        before = new double[dimension];
        after = new double[dimension];
        products = new double[dimension][];
        for (int i = 0; i < dimension; i++) {
            products[i] = new double[i + 1];
        }
    }

    public int dimension() {
        return mean.length;
    }

    public long count() {
        return count;
    }

    /** Takes a vector in. */
    public void add(float[] vector) {
        requireDimension(vector.length);
        count++;
        for (int i = 0; i < mean.length; i++) {
            before[i] = vector[i] - mean[i];
            mean[i] += before[i] / count;
            after[i] = vector[i] - mean[i];
        }
        for (int i = 0; i < mean.length; i++) {
            double deviation = after[i];
            double[] row = products[i];
            for (int j = 0; j < row.length; j++) {
                row[j] += deviation * before[j];
            }
        }
    }

    /** Takes in all vectors of another part, which stays as it is. */
    public void merge(GaussianMoments other) {
        requireDimension(other.mean.length);
        long total = count + other.count;
        if (other.count == 0) {
            return;
        }
        double share = (double) count * other.count / total;
        double[] gap = new double[mean.length];
        for (int i = 0; i < mean.length; i++) {
            gap[i] = other.mean[i] - mean[i];
        }
        for (int i = 0; i < mean.length; i++) {
            for (int j = 0; j <= i; j++) {
                products[i][j] += other.products[i][j] + share * gap[i] * gap[j];
            }
            mean[i] += gap[i] * other.count / total;
        }
        count = total;
    }

    public double[] mean() {
        return mean.clone();
    }

    /** The unbiased covariance, [dimension][dimension]; needs at least two vectors. */
    public double[][] covariance() {
        if (count < 2) {
            throw new IllegalStateException("a covariance needs at least two vectors, not " + count);
        }
        double[][] covariance = new double[mean.length][mean.length];
        for (int i = 0; i < mean.length; i++) {
            for (int j = 0; j <= i; j++) {
                covariance[i][j] = products[i][j] / (count - 1);
                covariance[j][i] = covariance[i][j];
            }
        }
        return covariance;
    }

    private void requireDimension(int dimension) {
        if (dimension != mean.length) {
            throw new IllegalArgumentException("a vector of " + dimension + " among vectors of " + mean.length);
        }
    }
}

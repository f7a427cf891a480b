package org.isofleet.metrics.frechet;

/**
 * Mean and covariance of vectors in float64, one vector at a time; parts computed apart can be merged (Welford 1962; Chan, Golub and
 * LeVeque 1979). Sums of squared deviations are kept, not sums of squares, so a large mean costs no digits. Not thread-safe.
 *
 * <p>Vectors are gathered in blocks of {@value #BLOCK}. A block is centred on its own mean, its products are summed in one pass over the
 * matrix, and it is merged as a part of its own: a pass a vector would wait for memory most of the time.
 */
public final class GaussianMoments {
    private static final int BLOCK = 64;

    private final double[] mean;
    /** Sums of products of deviations; the lower triangle only. */
    private final double[][] products;

    private final double[][] block = new double[BLOCK][];
    private int filled;
    private long merged;

    public GaussianMoments(int dimension) {
        if (dimension < 1) {
            throw new IllegalArgumentException("vectors of dimension " + dimension);
        }
        mean = new double[dimension];
        products = new double[dimension][];
        for (int i = 0; i < dimension; i++) {
            products[i] = new double[i + 1];
        }
    }

    public int dimension() {
        return mean.length;
    }

    public long count() {
        return merged + filled;
    }

    /** Takes a vector in. */
    public void add(float[] vector) {
        requireDimension(vector.length);
        double[] row = block[filled];
        if (row == null) {
            row = new double[mean.length];
            block[filled] = row;
        }
        for (int i = 0; i < row.length; i++) {
            row[i] = vector[i];
        }
        filled++;
        if (filled == BLOCK) {
            settle();
        }
    }

    /** Takes in all vectors of another part, which tells the same as before. */
    public void merge(GaussianMoments other) {
        requireDimension(other.mean.length);
        if (other == this) {
            throw new IllegalArgumentException("moments merged with themselves");
        }
        settle();
        other.settle();
        if (other.merged == 0) {
            return;
        }
        for (int i = 0; i < mean.length; i++) {
            double[] row = products[i];
            double[] more = other.products[i];
            for (int j = 0; j <= i; j++) {
                row[j] += more[j];
            }
        }
        shift(other.mean, other.merged);
    }

    /** Mean and count of a part come in whose products are summed already. */
    private void shift(double[] partMean, long partCount) {
        long total = merged + partCount;
        double share = (double) merged * partCount / total;
        double[] gap = new double[mean.length];
        for (int i = 0; i < mean.length; i++) {
            gap[i] = partMean[i] - mean[i];
            mean[i] += gap[i] * partCount / total;
        }
        for (int i = 0; share > 0 && i < mean.length; i++) {
            double factor = share * gap[i];
            double[] row = products[i];
            for (int j = 0; j < row.length; j++) {
                row[j] += factor * gap[j];
            }
        }
        merged = total;
    }

    private void settle() {
        if (filled == 0) {
            return;
        }
        int d = mean.length;
        double[] blockMean = new double[d];
        for (int k = 0; k < filled; k++) {
            for (int i = 0; i < d; i++) {
                blockMean[i] += block[k][i];
            }
        }
        for (int i = 0; i < d; i++) {
            blockMean[i] /= filled;
        }
        for (int k = 0; k < filled; k++) {
            for (int i = 0; i < d; i++) {
                block[k][i] -= blockMean[i];
            }
        }
        double[] column = new double[BLOCK];
        for (int i = 0; i < d; i++) {
            for (int k = 0; k < filled; k++) {
                column[k] = block[k][i];
            }
            RowSums.add(products[i], column, block, filled);
        }
        int count = filled;
        filled = 0;
        shift(blockMean, count);
    }

    public double[] mean() {
        settle();
        return mean.clone();
    }

    /** The unbiased covariance, [dimension][dimension]; needs at least two vectors. */
    public double[][] covariance() {
        settle();
        if (merged < 2) {
            throw new IllegalStateException("a covariance needs at least two vectors, not " + merged);
        }
        double[][] covariance = new double[mean.length][mean.length];
        for (int i = 0; i < mean.length; i++) {
            for (int j = 0; j <= i; j++) {
                covariance[i][j] = products[i][j] / (merged - 1);
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

package org.isofleet.metrics.probe;

/** Shifts and scales each feature to mean 0 and variance 1 over the training samples; constant features become 0. */
final class Standardisation {
    private final double[] mean;
    private final double[] inverse;

    Standardisation(float[][] features) {
        int n = features.length;
        int d = features[0].length;
        mean = new double[d];
        inverse = new double[d];
        double[] squares = new double[d];
        for (float[] row : features) {
            for (int j = 0; j < d; j++) {
                mean[j] += row[j] / (double) n;
            }
        }
        for (float[] row : features) {
            for (int j = 0; j < d; j++) {
                double gap = row[j] - mean[j];
                squares[j] += gap * gap / n;
            }
        }
        for (int j = 0; j < d; j++) {
            double negligible = 1e-12 * (1 + mean[j] * mean[j]);
            inverse[j] = squares[j] > negligible ? 1 / Math.sqrt(squares[j]) : 0;
        }
    }

    private Standardisation(int dimension) {
        mean = new double[dimension];
        inverse = new double[dimension];
        java.util.Arrays.fill(inverse, 1);
    }

    /** Leaves features as they are. */
    static Standardisation none(int dimension) {
        return new Standardisation(dimension);
    }

    /** [sample][dimension] in, the same out. */
    double[][] apply(float[][] features) {
        double[][] rows = new double[features.length][mean.length];
        for (int i = 0; i < rows.length; i++) {
            for (int j = 0; j < mean.length; j++) {
                rows[i][j] = (features[i][j] - mean[j]) * inverse[j];
            }
        }
        return rows;
    }
}

package org.isofleet.metrics.probe;

import java.util.Arrays;
import org.isofleet.metrics.optimize.Differentiable;

/**
 * The objective of multinomial logistic regression: cross-entropy, each class or each sample of equal total weight, plus {@code penalty / 2} times the
 * squared weights; biases are free. Parameters are [class][dimension] and then one bias a class.
 *
 * <p>Features are held twice, by sample and by dimension, so that both products run as sums of scaled vectors, which the JIT
 * vectorizes; it does not vectorize dot products. Samples go in tiles whose logits stay in the first-level cache.
 */
final class SoftmaxRegression implements Differentiable {
    private static final int TILE = 256;

    private final double[][] rows;
    private final double[][] columns;
    private final int[] labels;
    private final double[] sampleWeights;
    private final int classes;
    private final int dimension;
    private final double penalty;

    private SoftmaxRegression(
            double[][] rows, double[][] columns, int[] labels, double[] sampleWeights, int classes, double penalty) {
        this.rows = rows;
        this.columns = columns;
        this.labels = labels;
        this.sampleWeights = sampleWeights;
        this.classes = classes;
        this.dimension = columns.length;
        this.penalty = penalty;
    }

    /**
     * @param rows features, [sample][dimension]
     * @param balanced whether classes have equal weight, else samples have
     */
    static SoftmaxRegression of(double[][] rows, int[] labels, int classes, boolean balanced, double penalty) {
        double[][] columns = new double[rows[0].length][rows.length];
        for (int i = 0; i < rows.length; i++) {
            for (int j = 0; j < columns.length; j++) {
                columns[j][i] = rows[i][j];
            }
        }
        int[] counts = Accuracy.counts(labels, classes);
        long present = Arrays.stream(counts).filter(count -> count > 0).count();
        double[] weights = new double[labels.length];
        for (int i = 0; i < weights.length; i++) {
            weights[i] = balanced ? 1.0 / (present * counts[labels[i]]) : 1.0 / labels.length;
        }
        return new SoftmaxRegression(rows, columns, labels, weights, classes, penalty);
    }

    SoftmaxRegression withPenalty(double other) {
        return new SoftmaxRegression(rows, columns, labels, sampleWeights, classes, other);
    }

    int parameters() {
        return classes * (dimension + 1);
    }

    @Override
    public double evaluate(double[] x, double[] gradient) {
        double[][] weightGradient = new double[classes][dimension];
        double[] biasGradient = new double[classes];
        double[][] logits = new double[classes][TILE];
        double value = 0;
        for (int from = 0; from < labels.length; from += TILE) {
            int count = Math.min(TILE, labels.length - from);
            logits(x, from, count, logits);
            for (int i = 0; i < count; i++) {
                value += errors(logits, i, labels[from + i], sampleWeights[from + i]);
            }
            for (int i = 0; i < count; i++) {
                double[] row = rows[from + i];
                for (int k = 0; k < classes; k++) {
                    addScaled(weightGradient[k], logits[k][i], row);
                    biasGradient[k] += logits[k][i];
                }
            }
        }
        for (int k = 0; k < classes; k++) {
            for (int j = 0; j < dimension; j++) {
                double weight = x[k * dimension + j];
                value += penalty / 2 * weight * weight;
                gradient[k * dimension + j] = weightGradient[k][j] + penalty * weight;
            }
            gradient[classes * dimension + k] = biasGradient[k];
        }
        return value;
    }

    private void logits(double[] x, int from, int count, double[][] logits) {
        double[] tile = new double[TILE];
        for (int k = 0; k < classes; k++) {
            Arrays.fill(logits[k], 0, count, x[classes * dimension + k]);
        }
        for (int j = 0; j < dimension; j++) {
            System.arraycopy(columns[j], from, tile, 0, count);
            for (int k = 0; k < classes; k++) {
                addScaled(logits[k], x[k * dimension + j], tile);
            }
        }
    }

    /** Turns the logits of a sample into the derivatives of its loss, which is returned. */
    private double errors(double[][] logits, int i, int label, double weight) {
        double largest = Double.NEGATIVE_INFINITY;
        for (int k = 0; k < classes; k++) {
            largest = Math.max(largest, logits[k][i]);
        }
        double sum = 0;
        double target = logits[label][i] - largest;
        for (int k = 0; k < classes; k++) {
            logits[k][i] = Math.exp(logits[k][i] - largest);
            sum += logits[k][i];
        }
        for (int k = 0; k < classes; k++) {
            logits[k][i] = weight * (logits[k][i] / sum - (k == label ? 1 : 0));
        }
        return weight * (Math.log(sum) - target);
    }

    private static void addScaled(double[] target, double factor, double[] source) {
        for (int i = 0; i < target.length; i++) {
            target[i] += factor * source[i];
        }
    }

    /** The likeliest class of each sample. */
    static int[] predict(double[] x, double[][] rows, int classes) {
        return Arrays.stream(ranked(x, rows, classes, 1))
                .mapToInt(ranking -> ranking[0])
                .toArray();
    }

    /** The likeliest classes of each sample, [sample][rank], the first of equals before the others. */
    static int[][] ranked(double[] x, double[][] rows, int classes, int most) {
        int dimension = rows[0].length;
        int[][] ranked = new int[rows.length][];
        double[] logits = new double[classes];
        for (int i = 0; i < rows.length; i++) {
            for (int k = 0; k < classes; k++) {
                logits[k] = x[classes * dimension + k];
                for (int j = 0; j < dimension; j++) {
                    logits[k] += x[k * dimension + j] * rows[i][j];
                }
            }
            ranked[i] = largest(logits, Math.min(most, classes));
        }
        return ranked;
    }

    private static int[] largest(double[] logits, int most) {
        int[] largest = new int[most];
        for (int rank = 0; rank < most; rank++) {
            int best = -1;
            for (int k = 0; k < logits.length; k++) {
                boolean taken = false;
                for (int r = 0; r < rank; r++) {
                    taken |= largest[r] == k;
                }
                best = !taken && (best < 0 || logits[k] > logits[best]) ? k : best;
            }
            largest[rank] = best;
        }
        return largest;
    }
}

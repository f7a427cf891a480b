package org.isofleet.metrics.probe;

/** Shares of samples that are named rightly. */
public final class Accuracy {
    private Accuracy() {}

    /** Share of all samples. */
    public static double plain(int[] predicted, int[] labels) {
        return plain(equal(predicted, labels));
    }

    static double plain(boolean[] right) {
        int count = 0;
        for (boolean each : right) {
            count += each ? 1 : 0;
        }
        return (double) count / right.length;
    }

    private static boolean[] equal(int[] predicted, int[] labels) {
        boolean[] right = new boolean[labels.length];
        for (int i = 0; i < labels.length; i++) {
            right[i] = predicted[i] == labels[i];
        }
        return right;
    }

    /** Mean over the classes that occur of the share of their samples, so that chance is 1 / classes however uneven they are. */
    public static double balanced(int[] predicted, int[] labels, int classes) {
        return balanced(equal(predicted, labels), labels, classes);
    }

    static double balanced(boolean[] right, int[] labels, int classes) {
        int[] total = counts(labels, classes);
        int[] counted = new int[classes];
        for (int i = 0; i < labels.length; i++) {
            counted[labels[i]] += right[i] ? 1 : 0;
        }
        double sum = 0;
        int present = 0;
        for (int k = 0; k < classes; k++) {
            if (total[k] > 0) {
                sum += (double) counted[k] / total[k];
                present++;
            }
        }
        return sum / present;
    }

    /** Which samples have their class among the first {@code most} of a ranking, [sample][rank]. */
    static boolean[] within(int[][] ranked, int[] labels, int most) {
        boolean[] right = new boolean[labels.length];
        for (int i = 0; i < labels.length; i++) {
            for (int k = 0; k < Math.min(most, ranked[i].length); k++) {
                right[i] |= ranked[i][k] == labels[i];
            }
        }
        return right;
    }

    /** The class that occurs most often, the first of equals. */
    public static int majority(int[] labels, int classes) {
        int[] total = counts(labels, classes);
        int majority = 0;
        for (int k = 1; k < classes; k++) {
            majority = total[k] > total[majority] ? k : majority;
        }
        return majority;
    }

    static int[] counts(int[] labels, int classes) {
        int[] total = new int[classes];
        for (int label : labels) {
            total[label]++;
        }
        return total;
    }
}

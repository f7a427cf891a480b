package org.isofleet.metrics.probe;

/** Shares of samples that are named rightly. */
public final class Accuracy {
    private Accuracy() {}

    /** Share of all samples. */
    public static double plain(int[] predicted, int[] labels) {
        int right = 0;
        for (int i = 0; i < labels.length; i++) {
            right += predicted[i] == labels[i] ? 1 : 0;
        }
        return (double) right / labels.length;
    }

    /** Mean over the classes that occur of the share of their samples, so that chance is 1 / classes however uneven they are. */
    public static double balanced(int[] predicted, int[] labels, int classes) {
        int[] total = counts(labels, classes);
        int[] right = new int[classes];
        for (int i = 0; i < labels.length; i++) {
            right[labels[i]] += predicted[i] == labels[i] ? 1 : 0;
        }
        double sum = 0;
        int present = 0;
        for (int k = 0; k < classes; k++) {
            if (total[k] > 0) {
                sum += (double) right[k] / total[k];
                present++;
            }
        }
        return sum / present;
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

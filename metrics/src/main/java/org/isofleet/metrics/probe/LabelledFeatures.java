package org.isofleet.metrics.probe;

/**
 * Feature vectors with their classes.
 *
 * @param features [sample][dimension]; not copied
 * @param labels class of each sample, from 0; not copied
 * @param classes number of classes
 */
@SuppressWarnings("ArrayRecordComponent") // handed through, compared by nobody
public record LabelledFeatures(float[][] features, int[] labels, int classes) {
    public LabelledFeatures {
        if (features.length == 0 || features.length != labels.length) {
            throw new IllegalArgumentException(features.length + " vectors, " + labels.length + " labels");
        }
        for (int label : labels) {
            if (label < 0 || label >= classes) {
                throw new IllegalArgumentException("label " + label + " of " + classes + " classes");
            }
        }
    }

    public int count() {
        return labels.length;
    }

    public int dimension() {
        return features[0].length;
    }
}

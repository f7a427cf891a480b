package org.isofleet.worker.evaluate;

import java.util.ArrayList;
import java.util.List;
import org.isofleet.metrics.probe.Accuracy;
import org.isofleet.metrics.probe.LabelledFeatures;
import org.isofleet.metrics.probe.LinearProbe;
import org.isofleet.metrics.probe.ProbeRule;
import org.isofleet.protocol.metric.EvaluationResult.LayerAccuracy;

/**
 * Linear probes on several layers; the best on validation images is reported on test images.
 *
 * @param layers validation accuracies
 * @param best layer
 * @param top1 its accuracy on test images, as the rule counts it
 * @param top5 the same with five guesses
 * @param plain share of test images that it names rightly
 */
record LayerProbes(List<LayerAccuracy> layers, int best, double top1, double top5, double plain) {
    private static final int GUESSES = 5;

    /**
     * The images of a probe with their classes.
     *
     * @param classes number of classes
     */
    record Splits(ImageSample train, ImageSample validation, ImageSample test, int classes) {
        int count() {
            return train.count() + validation.count() + test.count();
        }
    }

    /** Features of all layers, [layer][image][feature], images of the three splits one after the other. */
    static LayerProbes fit(float[][][] features, Splits splits, ProbeRule rule, LanePool pool)
            throws InterruptedException {
        LinearProbe[] probes = new LinearProbe[features.length];
        LabelledFeatures[] tests = new LabelledFeatures[features.length];
        int[] trainLabels = splits.train().labels();
        int[] validationLabels = splits.validation().labels();
        int[] testLabels = splits.test().labels();
        pool.forEach(features.length, 1, (lane, layer, next) -> {
            float[][] all = features[layer];
            int validationFrom = trainLabels.length;
            int testFrom = validationFrom + validationLabels.length;
            tests[layer] = part(all, testFrom, testLabels, splits.classes());
            probes[layer] = LinearProbe.fit(
                    part(all, 0, trainLabels, splits.classes()),
                    part(all, validationFrom, validationLabels, splits.classes()),
                    rule);
        });
        int best = 0;
        List<LayerAccuracy> layers = new ArrayList<>();
        for (int layer = 0; layer < probes.length; layer++) {
            layers.add(new LayerAccuracy(layer, probes[layer].validationAccuracy(), probes[layer].penalty()));
            best = probes[layer].validationAccuracy() > probes[best].validationAccuracy() ? layer : best;
        }
        int[] predicted = probes[best].predict(tests[best].features());
        int[][] guesses = probes[best].ranked(tests[best].features(), GUESSES);
        return new LayerProbes(
                List.copyOf(layers),
                best,
                rule.accuracy(predicted, testLabels, splits.classes()),
                rule.accuracy(guesses, testLabels, splits.classes(), GUESSES),
                Accuracy.plain(predicted, testLabels));
    }

    private static LabelledFeatures part(float[][] all, int from, int[] labels, int classes) {
        return new LabelledFeatures(java.util.Arrays.copyOfRange(all, from, from + labels.length), labels, classes);
    }
}

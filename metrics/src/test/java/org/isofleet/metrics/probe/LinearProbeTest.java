package org.isofleet.metrics.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.isofleet.metrics.optimize.Lbfgs;
import org.junit.jupiter.api.Test;

class LinearProbeTest {
    @Property(tries = 20)
    void gradient_anyPoint_equalsFiniteDifferences(@ForAll long seed) {
        Random random = new Random(seed);
        LabelledFeatures data = blobs(random, 300, 4, 3, 0.5); // more samples than one tile
        SoftmaxRegression objective = SoftmaxRegression.of(
                new Standardisation(data.features()).apply(data.features()),
                data.labels(),
                3,
                random.nextBoolean(),
                0.03);
        double[] x = random.doubles(objective.parameters(), -1, 1).toArray();
        double[] gradient = new double[x.length];
        objective.evaluate(x, gradient);
        double[] ignored = new double[x.length];
        for (int i = 0; i < x.length; i++) {
            double at = x[i];
            x[i] = at + 1e-6;
            double up = objective.evaluate(x, ignored);
            x[i] = at - 1e-6;
            double down = objective.evaluate(x, ignored);
            x[i] = at;
            assertThat(gradient[i]).isCloseTo((up - down) / 2e-6, within(1e-7));
        }
    }

    @Test
    void separableClasses_areNamedWithoutFault() throws InterruptedException {
        LinearProbe probe = LinearProbe.fit(
                blobs(new Random(1), 120, 5, 4, 0.05), blobs(new Random(2), 60, 5, 4, 0.05), ProbeRule.FAST);
        LabelledFeatures test = blobs(new Random(3), 80, 5, 4, 0.05);
        assertThat(Accuracy.balanced(probe.predict(test.features()), test.labels(), 4))
                .isEqualTo(1);
        assertThat(probe.validationAccuracy()).isEqualTo(1);
        assertThat(probe.penalty()).isEqualTo(ProbeRule.FAST.penalties().get(0)); // the stronger of equals
    }

    @Test
    void oneFeatureTwoClasses_optimumSatisfiesTheStationarityCondition() {
        // Features -1 and +1, 3 of 4 right: without penalty the logit gap at +1 is ln 3, so w1 - w0 = ln 3 and biases
        // are equal.
        float[][] features = {{1}, {1}, {1}, {-1}, {-1}, {-1}, {-1}, {1}};
        int[] labels = {1, 1, 1, 1, 0, 0, 0, 0};
        double[][] rows = new Standardisation(features).apply(features);
        SoftmaxRegression objective = SoftmaxRegression.of(rows, labels, 2, true, 0);
        double[] x =
                new Lbfgs(5, 200, 1e-12, 0).minimise(objective, new double[4]).x();
        assertThat(x[1] - x[0]).isCloseTo(Math.log(3), within(1e-8));
        assertThat(x[3] - x[2]).isCloseTo(0, within(1e-8));
    }

    @Test
    void unevenClasses_rareOneIsNotSacrificed() throws InterruptedException {
        Random random = new Random(5);
        LabelledFeatures train = uneven(random, 400);
        LinearProbe probe = LinearProbe.fit(train, uneven(random, 400), ProbeRule.FAST);
        LabelledFeatures test = uneven(random, 2000);
        int[] predicted = probe.predict(test.features());
        assertThat(Accuracy.balanced(predicted, test.labels(), 2)).isGreaterThan(0.75);
    }

    @Test
    void constantFeature_changesNothing() throws InterruptedException {
        LabelledFeatures plain = blobs(new Random(1), 120, 3, 3, 0.6);
        float[][] wider = new float[120][4];
        for (int i = 0; i < 120; i++) {
            System.arraycopy(plain.features()[i], 0, wider[i], 0, 3);
            wider[i][3] = 7.3f;
        }
        LabelledFeatures constant = new LabelledFeatures(wider, plain.labels(), 3);
        assertThat(LinearProbe.fit(constant, constant, ProbeRule.FAST).predict(wider))
                .isEqualTo(LinearProbe.fit(plain, plain, ProbeRule.FAST).predict(plain.features()));
    }

    @Test
    void balancedAccuracy_handCounted() {
        int[] labels = {0, 0, 0, 0, 1, 1, 2};
        int[] predicted = {0, 0, 0, 1, 1, 0, 0};
        assertThat(Accuracy.balanced(predicted, labels, 4)).isCloseTo((0.75 + 0.5 + 0) / 3, within(1e-15));
        assertThat(Accuracy.plain(predicted, labels)).isCloseTo(4.0 / 7, within(1e-15));
        assertThat(Accuracy.majority(labels, 4)).isZero();
    }

    @Test
    void topFive_handCounted_bothWays() {
        int[] labels = {0, 0, 0, 1};
        int[][] ranked = {{0, 1}, {1, 0}, {1, 2}, {2, 1}};
        assertThat(ProbeRule.IGPT.accuracy(ranked, labels, 3, 1)).isEqualTo(0.25);
        assertThat(ProbeRule.IGPT.accuracy(ranked, labels, 3, 2)).isEqualTo(0.75);
        assertThat(ProbeRule.IGPT.accuracy(ranked, labels, 3, 5)).isEqualTo(0.75);
        assertThat(ProbeRule.FAST.accuracy(ranked, labels, 3, 2)).isCloseTo((2.0 / 3 + 1) / 2, within(1e-15));
    }

    @Test
    void ranking_beginsWithThePrediction_andNamesNoClassTwice() throws InterruptedException {
        LabelledFeatures data = blobs(new Random(4), 120, 5, 5, 0.4);
        LinearProbe probe = LinearProbe.fit(data, data, ProbeRule.IGPT);
        int[] predicted = probe.predict(data.features());
        int[][] ranked = probe.ranked(data.features(), 9);
        for (int i = 0; i < predicted.length; i++) {
            assertThat(ranked[i]).containsExactlyInAnyOrder(0, 1, 2, 3, 4).startsWith(predicted[i]);
        }
    }

    @Test
    void rules_countSamplesOrClasses() throws InterruptedException {
        float[][] features = new float[100][1];
        int[] labels = new int[100];
        for (int i = 0; i < 100; i++) {
            features[i][0] = i % 2 == 0 ? 1 : -1;
            labels[i] = i % 2 == 0 && i % 10 != 0 ? 1 : 0; // 4 of 5 on the one side, none on the other
        }
        LabelledFeatures data = new LabelledFeatures(features, labels, 2);
        LinearProbe probe = LinearProbe.fit(data, data, ProbeRule.IGPT);
        assertThat(probe.validationAccuracy()).isEqualTo(0.9);
        LinearProbe balanced = LinearProbe.fit(data, data, ProbeRule.FAST);
        assertThat(balanced.validationAccuracy()).isCloseTo((1 + 50.0 / 60) / 2, within(1e-12));
    }

    /** Nine of ten samples are class 0; the classes are two standard deviations apart. */
    private static LabelledFeatures uneven(Random random, int count) {
        float[][] features = new float[count][1];
        int[] labels = new int[count];
        for (int i = 0; i < count; i++) {
            labels[i] = i % 10 == 0 ? 1 : 0;
            features[i][0] = (float) (2 * labels[i] + random.nextGaussian());
        }
        return new LabelledFeatures(features, labels, 2);
    }

    /** Classes around corners of a cube, class k at unit k. */
    private static LabelledFeatures blobs(Random random, int count, int dimension, int classes, double spread) {
        float[][] features = new float[count][dimension];
        int[] labels = new int[count];
        for (int i = 0; i < count; i++) {
            labels[i] = i % classes;
            for (int j = 0; j < dimension; j++) {
                features[i][j] = (float) ((j == labels[i] ? 1 : 0) + spread * random.nextGaussian());
            }
        }
        return new LabelledFeatures(features, labels, classes);
    }
}

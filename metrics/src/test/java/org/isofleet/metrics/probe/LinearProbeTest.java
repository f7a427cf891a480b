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
                new Standardisation(data.features()).apply(data.features()), data.labels(), 3, 0.03);
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
        LinearProbe probe =
                LinearProbe.fit(blobs(new Random(1), 120, 5, 4, 0.05), blobs(new Random(2), 60, 5, 4, 0.05), 100);
        LabelledFeatures test = blobs(new Random(3), 80, 5, 4, 0.05);
        assertThat(Accuracy.balanced(probe.predict(test.features()), test.labels(), 4))
                .isEqualTo(1);
        assertThat(probe.validationAccuracy()).isEqualTo(1);
        assertThat(probe.penalty()).isEqualTo(LinearProbe.PENALTIES.get(0)); // the stronger of equals
    }

    @Test
    void oneFeatureTwoClasses_optimumSatisfiesTheStationarityCondition() {
        // Features -1 and +1, 3 of 4 right: without penalty the logit gap at +1 is ln 3, so w1 - w0 = ln 3 and biases
        // are equal.
        float[][] features = {{1}, {1}, {1}, {-1}, {-1}, {-1}, {-1}, {1}};
        int[] labels = {1, 1, 1, 1, 0, 0, 0, 0};
        double[][] rows = new Standardisation(features).apply(features);
        SoftmaxRegression objective = SoftmaxRegression.of(rows, labels, 2, 0);
        double[] x =
                new Lbfgs(5, 200, 1e-12, 0).minimise(objective, new double[4]).x();
        assertThat(x[1] - x[0]).isCloseTo(Math.log(3), within(1e-8));
        assertThat(x[3] - x[2]).isCloseTo(0, within(1e-8));
    }

    @Test
    void unevenClasses_rareOneIsNotSacrificed() throws InterruptedException {
        Random random = new Random(5);
        LabelledFeatures train = uneven(random, 400);
        LinearProbe probe = LinearProbe.fit(train, uneven(random, 400), 100);
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
        assertThat(LinearProbe.fit(constant, constant, 50).predict(wider))
                .isEqualTo(LinearProbe.fit(plain, plain, 50).predict(plain.features()));
    }

    @Test
    void balancedAccuracy_handCounted() {
        int[] labels = {0, 0, 0, 0, 1, 1, 2};
        int[] predicted = {0, 0, 0, 1, 1, 0, 0};
        assertThat(Accuracy.balanced(predicted, labels, 4)).isCloseTo((0.75 + 0.5 + 0) / 3, within(1e-15));
        assertThat(Accuracy.plain(predicted, labels)).isCloseTo(4.0 / 7, within(1e-15));
        assertThat(Accuracy.majority(labels, 4)).isZero();
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

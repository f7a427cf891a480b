package org.isofleet.worker.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.isofleet.metrics.frechet.FrechetDistance;
import org.isofleet.metrics.frechet.GaussianMoments;
import org.isofleet.metrics.probe.Accuracy;
import org.isofleet.worker.data.ImageSet;
import org.isofleet.worker.data.ImageSet.Split;
import org.isofleet.worker.data.PackedImageSets;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.activations.impl.ActivationLReLU;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class FeatureNetworkTest {
    private static final int BYTES = 3 * 16 * 16;

    @TempDir
    private static Path cache;

    private static byte[] train = {};
    private static int[] trainLabels = {};
    private static byte[] test = {};
    private static int[] testLabels = {};

    private final FeatureNetwork network = FeatureNetwork.embedded();

    @BeforeAll
    static void readImages() throws IOException {
        try (ImageSet images = new PackedImageSets(cache).open("embedded:noto", 16, 3, 256)) {
            train = bytes(images, Split.TRAIN);
            trainLabels = labels(images, Split.TRAIN);
            test = bytes(images, Split.TEST);
            testLabels = labels(images, Split.TEST);
        }
    }

    @Test
    void features_ofRandomWeights_areThoseOfDeeplearning4j() {
        Random random = new Random(3);
        ByteBuffer weights = ByteBuffer.allocate(network.encode().length).order(java.nio.ByteOrder.LITTLE_ENDIAN);
        while (weights.hasRemaining()) {
            weights.putFloat((float) random.nextGaussian() * 0.1f);
        }
        FeatureNetwork ours = FeatureNetwork.decode(weights.array());
        MultiLayerNetwork theirs = deeplearning4j(weights.array());
        int count = 70;
        float[] inputs = new float[count * BYTES];
        for (int i = 0; i < count; i++) {
            float[][] planes = FeatureNetwork.input(test, i * BYTES, 3, 16, 256);
            for (int c = 0; c < 3; c++) {
                System.arraycopy(planes[c], 0, inputs, (i * 3 + c) * 256, 256);
            }
        }
        INDArray expected = theirs.output(Nd4j.create(inputs, new int[] {count, 3, 16, 16}));
        float[][] features = ours.features(test, 3, 16, 256, count);
        for (int i = 0; i < count; i++) {
            for (int f = 0; f < FeatureNetwork.FEATURES; f++) {
                assertThat(features[i][f]).isCloseTo(expected.getFloat(i, f), within(2e-5f));
            }
        }
    }

    private static MultiLayerNetwork deeplearning4j(byte[] weights) {
        NeuralNetConfiguration.ListBuilder builder = new NeuralNetConfiguration.Builder()
                .activation(new ActivationLReLU(0.1))
                .list();
        for (int channels : new int[] {24, 48, 64}) {
            builder.layer(new ConvolutionLayer.Builder(3, 3)
                            .convolutionMode(ConvolutionMode.Same)
                            .nOut(channels)
                            .build())
                    .layer(new SubsamplingLayer.Builder(SubsamplingLayer.PoolingType.MAX)
                            .kernelSize(2, 2)
                            .stride(2, 2)
                            .build());
        }
        MultiLayerNetwork network = new MultiLayerNetwork(
                builder.layer(new DenseLayer.Builder().nOut(64).build())
                        .setInputType(InputType.convolutional(16, 16, 3))
                        .build());
        network.init();
        java.nio.FloatBuffer floats =
                ByteBuffer.wrap(weights).order(java.nio.ByteOrder.LITTLE_ENDIAN).asFloatBuffer();
        int[][] shapes = {{24, 3, 3, 3}, {48, 24, 3, 3}, {64, 48, 3, 3}};
        for (int layer = 0; layer < 3; layer++) {
            network.setParam(2 * layer + "_W", take(floats, shapes[layer]));
            network.setParam(2 * layer + "_b", take(floats, 1, shapes[layer][0]));
        }
        network.setParam("6_W", take(floats, 64, 256).transpose());
        network.setParam("6_b", take(floats, 1, 64));
        return network;
    }

    private static INDArray take(java.nio.FloatBuffer floats, int... shape) {
        float[] values = new float[Arrays.stream(shape).reduce(1, (a, b) -> a * b)];
        floats.get(values);
        return Nd4j.create(values, shape);
    }

    @Test
    void features_ofOneImageOrMany_haveTheSameBits() {
        float[][] many = network.features(test, 3, 16, 256, 130);
        for (int i : new int[] {0, 63, 64, 129}) {
            byte[] one = Arrays.copyOfRange(test, i * BYTES, (i + 1) * BYTES);
            assertThat(network.features(one, 3, 16, 256, 1)[0]).isEqualTo(many[i]);
        }
    }

    /** Plain Java floats: the same on every machine. */
    @Test
    void features_ofFirstTestImage_arePinned() {
        float[] features = network.features(test, 3, 16, 256, 1)[0];
        assertThat(Arrays.hashCode(features)).isEqualTo(80197551);
    }

    @Test
    void features_ofDoubledImage_areTheSame() {
        byte[] doubled = new byte[4 * BYTES];
        for (int c = 0; c < 3; c++) {
            for (int p = 0; p < 1024; p++) {
                doubled[c * 1024 + p] = test[c * 256 + p / 64 * 16 + p % 32 / 2];
            }
        }
        float[] expected = network.features(test, 3, 16, 256, 1)[0];
        assertThat(network.features(doubled, 3, 32, 256, 1)[0]).containsExactly(expected, within(1e-4f));
    }

    @Test
    void features_ofGreyImage_areThoseOfEqualChannels() {
        byte[] grey = Arrays.copyOf(test, 256);
        byte[] rgb = new byte[BYTES];
        for (int c = 0; c < 3; c++) {
            System.arraycopy(grey, 0, rgb, c * 256, 256);
        }
        assertThat(network.features(grey, 1, 16, 256, 1)).isDeepEqualTo(network.features(rgb, 3, 16, 256, 1));
    }

    @Test
    void area_28To16_keepsMean() {
        float[] plane = new float[28 * 28];
        for (int i = 0; i < plane.length; i++) {
            plane[i] = i % 13;
        }
        assertThat(mean(SquareResize.resize(plane, 28, 16))).isCloseTo(mean(plane), within(1e-5));
    }

    /** Nearest class mean of the training images, on concepts that neither this nor the network was trained on. */
    @Test
    void features_ofUnseenConcepts_tellCategories() {
        float[][] known = network.features(train, 3, 16, 256, 1_500); // in a scattered order, so a fair sample
        float[][] unseen = network.features(test, 3, 16, 256, testLabels.length);
        double[][] means = new double[9][FeatureNetwork.FEATURES];
        int[] count = new int[9];
        for (int i = 0; i < known.length; i++) {
            count[trainLabels[i]]++;
            for (int f = 0; f < FeatureNetwork.FEATURES; f++) {
                means[trainLabels[i]][f] += known[i][f];
            }
        }
        int[] predicted = new int[unseen.length];
        for (int i = 0; i < unseen.length; i++) {
            double best = Double.POSITIVE_INFINITY;
            for (int c = 0; c < 9; c++) {
                double distance = 0;
                for (int f = 0; f < FeatureNetwork.FEATURES; f++) {
                    double gap = unseen[i][f] - means[c][f] / count[c];
                    distance += gap * gap;
                }
                if (distance < best) {
                    best = distance;
                    predicted[i] = c;
                }
            }
        }
        double accuracy = Accuracy.balanced(predicted, testLabels, 9);
        assertThat(accuracy).isGreaterThan(0.35); // chance is 0.11
    }

    @Test
    void distance_ofHalves_isFarBelowThatOfDamagedImages() {
        int half = 700;
        byte[] first = Arrays.copyOf(train, half * BYTES);
        byte[] second = Arrays.copyOfRange(train, half * BYTES, 2 * half * BYTES);
        Random random = new Random(1);
        byte[] noise = new byte[second.length];
        random.nextBytes(noise);
        byte[] speckled = second.clone();
        for (int i = 0; i < speckled.length; i++) {
            if (random.nextInt(8) == 0) {
                speckled[i] = noise[i];
            }
        }
        byte[] halves = second.clone();
        for (int i = 0; i < halves.length; i++) {
            if (i % 256 >= 128) {
                halves[i] = second[(i + 17 * BYTES) % second.length]; // the bottom of another image
            }
        }
        double real = distance(first, second, half);
        double swapped = distance(first, halves, half);
        double mild = distance(first, speckled, half);
        double wild = distance(first, noise, half);
        assertThat(swapped).isGreaterThan(2 * real);
        assertThat(mild).isGreaterThan(5 * real);
        assertThat(wild).isGreaterThan(2 * mild).isGreaterThan(50 * real);
    }

    private double distance(byte[] a, byte[] b, int count) {
        return FrechetDistance.between(moments(a, count), moments(b, count));
    }

    private GaussianMoments moments(byte[] images, int count) {
        GaussianMoments moments = new GaussianMoments(FeatureNetwork.FEATURES);
        for (float[] vector : network.features(images, 3, 16, 256, count)) {
            moments.add(vector);
        }
        return moments;
    }

    @Test
    void weights_encodedAndDecoded_areTheSame() {
        byte[] encoded = network.encode();
        assertThat(FeatureNetwork.decode(encoded).encode()).isEqualTo(encoded);
        assertThatThrownBy(() -> FeatureNetwork.decode(Arrays.copyOf(encoded, encoded.length + 4)))
                .hasMessage("4 bytes too many");
    }

    private static double mean(float[] plane) {
        double sum = 0;
        for (float value : plane) {
            sum += value;
        }
        return sum / plane.length;
    }

    private static byte[] bytes(ImageSet images, Split split) {
        byte[] bytes = new byte[(int) images.count(split) * BYTES];
        for (int i = 0; i < images.count(split); i++) {
            images.read(split, i, bytes, i * BYTES);
        }
        return bytes;
    }

    private static int[] labels(ImageSet images, Split split) {
        int[] labels = new int[(int) images.count(split)];
        for (int i = 0; i < labels.length; i++) {
            labels[i] = images.label(split, i);
        }
        return labels;
    }
}

package org.isofleet.worker.evaluate;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.weights.WeightInit;
import org.isofleet.metrics.probe.Accuracy;
import org.isofleet.worker.data.EmojiGroups;
import org.isofleet.worker.data.ImageSet;
import org.isofleet.worker.data.ImageSet.Split;
import org.isofleet.worker.data.PackedImageSets;
import org.isofleet.worker.data.SampleOrder;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.activations.impl.ActivationLReLU;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.lossfunctions.LossFunctions;
import org.nd4j.linalg.lossfunctions.impl.LossMCXENT;
import org.nd4j.linalg.schedule.PolySchedule;
import org.nd4j.linalg.schedule.ScheduleType;

/**
 * Trains the weights of {@link FeatureNetwork} with Deeplearning4j's own layers, on the training split of both vendors' emoji. Two losses
 * share the features: the nine categories, weighted so that rare ones count, and the group of concepts (some 1,250), which keeps the
 * features from forgetting what the categories do not need. Images are shifted, mirrored, cut to fewer levels and sometimes made grey, so
 * that features mean the same for a model's samples as for its training images.
 *
 * <p>Usage: {@code FeatureTraining OUT EPOCHS}; run by {@code src/main/features/train.sh}.
 */
public final class FeatureTraining {
    private static final int BATCH = 64;
    private static final long SEED = 20251121;
    private static final double LEARNING_RATE = 2e-3;
    private static final int PLANE = FeatureNetwork.SIDE * FeatureNetwork.SIDE;

    private final ImageSet images;
    private final int[] group;
    private final int groups;
    private final ComputationGraph graph;

    private FeatureTraining(ImageSet images, long steps) throws IOException {
        this.images = images;
        List<String> names = EmojiGroups.of(Split.TRAIN);
        List<String> distinct = names.stream().distinct().sorted().toList();
        Map<String, Integer> number = new HashMap<>();
        distinct.forEach(name -> number.put(name, number.size()));
        this.group =
                names.stream().mapToInt(name -> number.getOrDefault(name, -1)).toArray();
        this.groups = distinct.size();
        this.graph = new ComputationGraph(configuration(steps));
        graph.init();
    }

    /** Trains and writes the weights. */
    public static void main(String[] arguments) throws IOException {
        int epochs = Integer.parseInt(arguments[1]);
        try (ImageSet images = PackedImageSets.inUserCache().open("embedded:emoji", FeatureNetwork.SIDE, 3, 256)) {
            long steps = epochs * images.count(Split.TRAIN) / BATCH;
            FeatureTraining training = new FeatureTraining(images, steps);
            training.train(steps);
            FeatureNetwork network = training.network();
            System.out.printf(
                    "largest difference from Deeplearning4j's features: %.2e%n", training.difference(network));
            Files.write(Path.of(arguments[0]), network.encode());
        }
    }

    private ComputationGraphConfiguration configuration(long steps) {
        ComputationGraphConfiguration.GraphBuilder builder = new NeuralNetConfiguration.Builder()
                .seed(SEED)
                .updater(new Adam(new PolySchedule(ScheduleType.ITERATION, LEARNING_RATE, 1, (int) steps + 1)))
                .weightInit(WeightInit.RELU)
                .l2(1e-4)
                .activation(new ActivationLReLU(FeatureNetwork.LEAK))
                .graphBuilder()
                .addInputs("image")
                .setInputTypes(InputType.convolutional(FeatureNetwork.SIDE, FeatureNetwork.SIDE, 3));
        String last = "image";
        for (int layer = 0; layer < FeatureNetwork.CHANNELS.length - 1; layer++) {
            builder.addLayer(
                    "convolution" + layer,
                    new ConvolutionLayer.Builder(FeatureNetwork.KERNEL, FeatureNetwork.KERNEL)
                            .convolutionMode(ConvolutionMode.Same)
                            .nOut(FeatureNetwork.CHANNELS[layer + 1])
                            .build(),
                    last);
            last = "pool" + layer;
            builder.addLayer(
                    last,
                    new SubsamplingLayer.Builder(SubsamplingLayer.PoolingType.MAX)
                            .kernelSize(2, 2)
                            .stride(2, 2)
                            .build(),
                    "convolution" + layer);
        }
        return builder.addLayer(
                        "features",
                        new DenseLayer.Builder().nOut(FeatureNetwork.FEATURES).build(),
                        last)
                .addLayer(
                        "category", output(images.classes().size(), new LossMCXENT(Nd4j.create(weights()))), "features")
                .addLayer(
                        "group",
                        new OutputLayer.Builder(LossFunctions.LossFunction.MCXENT)
                                .nOut(groups)
                                .activation(Activation.SOFTMAX)
                                .build(),
                        "features")
                .setOutputs("category", "group")
                .build();
    }

    private static OutputLayer output(int classes, LossMCXENT loss) {
        return new OutputLayer.Builder(loss)
                .nOut(classes)
                .activation(Activation.SOFTMAX)
                .build();
    }

    /** One over the root of a category's frequency, so that rare ones count more without ruling; their mean over images is 1. */
    private float[] weights() {
        double[] count = new double[images.classes().size()];
        for (long i = 0; i < images.count(Split.TRAIN); i++) {
            count[images.label(Split.TRAIN, i)]++;
        }
        double total = Arrays.stream(count).sum();
        double mean = Arrays.stream(count).map(n -> Math.sqrt(n * total)).sum() / total;
        float[] weights = new float[count.length];
        for (int c = 0; c < count.length; c++) {
            weights[c] = (float) (Math.sqrt(total / count[c]) / mean);
        }
        return weights;
    }

    private void train(long steps) {
        SampleOrder order = new SampleOrder(images.count(Split.TRAIN), SEED);
        SplittableRandom random = new SplittableRandom(SEED);
        long every = images.count(Split.TRAIN) / BATCH * 5;
        for (long step = 0; step < steps; step++) {
            float[] inputs = new float[BATCH * 3 * PLANE];
            float[] categories = new float[BATCH * images.classes().size()];
            float[] groupLabels = new float[BATCH * groups];
            for (int i = 0; i < BATCH; i++) {
                long image = order.imageAt(step * BATCH + i);
                augmented(image, random, inputs, i * 3 * PLANE);
                categories[i * images.classes().size() + images.label(Split.TRAIN, image)] = 1;
                groupLabels[i * groups + group[(int) image]] = 1;
            }
            graph.fit(
                    new INDArray[] {Nd4j.create(inputs, new int[] {BATCH, 3, FeatureNetwork.SIDE, FeatureNetwork.SIDE})
                    },
                    new INDArray[] {
                        Nd4j.create(
                                categories, new int[] {BATCH, images.classes().size()}),
                        Nd4j.create(groupLabels, new int[] {BATCH, groups})
                    });
            if ((step + 1) % every == 0 || step + 1 == steps) {
                System.out.printf(
                        "step %d of %d, loss %.3f, %s%n", step + 1, steps, graph.score(), accuracy(Split.VALIDATION));
            }
        }
        System.out.println("test: " + accuracy(Split.TEST));
    }

    /** Shifted by up to two pixels over white, mirrored, at 256, 32 or 16 levels, one in ten grey. */
    private void augmented(long image, SplittableRandom random, float[] target, int offset) {
        byte[] bytes = new byte[3 * PLANE];
        images.read(Split.TRAIN, image, bytes, 0);
        int shift = new int[] {0, 3, 4}[random.nextInt(3)];
        for (int k = 0; k < bytes.length; k++) {
            bytes[k] = (byte) ((bytes[k] & 0xFF) >>> shift);
        }
        float[][] planes = FeatureNetwork.input(bytes, 0, 3, FeatureNetwork.SIDE, 256 >> shift);
        boolean mirrored = random.nextBoolean();
        boolean grey = random.nextInt(10) == 0;
        int down = random.nextInt(5) - 2;
        int right = random.nextInt(5) - 2;
        int side = FeatureNetwork.SIDE;
        for (int c = 0; c < 3; c++) {
            for (int y = 0; y < side; y++) {
                for (int x = 0; x < side; x++) {
                    int fromY = y - down;
                    int fromX = (mirrored ? side - 1 - x : x) - right;
                    float value = 1;
                    if (fromY >= 0 && fromY < side && fromX >= 0 && fromX < side) {
                        int p = fromY * side + fromX;
                        value = grey
                                ? 0.299f * planes[0][p] + 0.587f * planes[1][p] + 0.114f * planes[2][p]
                                : planes[c][p];
                    }
                    target[offset + (c * side + y) * side + x] = value;
                }
            }
        }
    }

    private String accuracy(Split split) {
        int count = (int) images.count(split);
        int[] labels = new int[count];
        for (int i = 0; i < count; i++) {
            labels[i] = images.label(split, i);
        }
        int[] predicted = graph.output(inputs(split, count))[0].argMax(1).toIntVector();
        return String.format(
                "%s accuracy %.3f, balanced %.3f",
                split.name().toLowerCase(Locale.ROOT),
                Accuracy.plain(predicted, labels),
                Accuracy.balanced(predicted, labels, images.classes().size()));
    }

    private INDArray inputs(Split split, int count) {
        float[] inputs = new float[count * 3 * PLANE];
        byte[] bytes = new byte[3 * PLANE];
        for (int i = 0; i < count; i++) {
            images.read(split, i, bytes, 0);
            float[][] planes = FeatureNetwork.input(bytes, 0, 3, FeatureNetwork.SIDE, 256);
            for (int c = 0; c < 3; c++) {
                System.arraycopy(planes[c], 0, inputs, (i * 3 + c) * PLANE, PLANE);
            }
        }
        return Nd4j.create(inputs, new int[] {count, 3, FeatureNetwork.SIDE, FeatureNetwork.SIDE});
    }

    private FeatureNetwork network() {
        int layers = FeatureNetwork.CHANNELS.length;
        float[][] kernels = new float[layers][];
        float[][] biases = new float[layers][];
        for (int layer = 0; layer < layers - 1; layer++) {
            kernels[layer] =
                    graph.getParam("convolution" + layer + "_W").dup('c').data().asFloat();
            biases[layer] =
                    graph.getParam("convolution" + layer + "_b").dup('c').data().asFloat();
        }
        kernels[layers - 1] =
                graph.getParam("features_W").transpose().dup('c').data().asFloat();
        biases[layers - 1] = graph.getParam("features_b").dup('c').data().asFloat();
        return new FeatureNetwork(kernels, biases);
    }

    private double difference(FeatureNetwork network) {
        int count = 100;
        INDArray theirs = Objects.requireNonNull(
                graph.feedForward(inputs(Split.VALIDATION, count), false).get("features"));
        byte[] bytes = new byte[count * 3 * PLANE];
        for (int i = 0; i < count; i++) {
            images.read(Split.VALIDATION, i, bytes, i * 3 * PLANE);
        }
        float[][] ours = network.features(bytes, 3, FeatureNetwork.SIDE, 256, count);
        double largest = 0;
        for (int i = 0; i < count; i++) {
            for (int f = 0; f < FeatureNetwork.FEATURES; f++) {
                largest = Math.max(largest, Math.abs(ours[i][f] - theirs.getFloat(i, f)));
            }
        }
        return largest;
    }
}

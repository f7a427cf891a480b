package org.isofleet.worker.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.stream.Stream;
import org.bytedeco.javacpp.Pointer;
import org.isofleet.protocol.study.ModelShape;
import org.isofleet.worker.engine.ParameterLayout.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What every engine must do in single precision: agree with the double-precision reference, and so with every other engine; give the
 * same bits again; and give its memory back.
 */
public abstract class EngineConformance {
    private static final int IMAGES = 3;
    private static final ModelShape SHAPE = new ModelShape(16, 3, 32, 2, 16, 2, 48);

    /** Makes the engine on trial. */
    protected abstract EngineFactory engines();

    static Stream<ModelShape> shapes() {
        return Shapes.all();
    }

    static Stream<ModelShape> shapesOfGeneration() {
        return Stream.of(
                new ModelShape(5, 3, 8, 2, 12, 2, 20),
                new ModelShape(9, 1, 4, 1, 6, 3, 7),
                new ModelShape(4, 3, 16, 2, 4, 2, 3));
    }

    @ParameterizedTest
    @MethodSource("shapes")
    void lossAndGradient_ofAShard_areTheReferences(ModelShape shape) {
        double[] parameters = Shapes.parameters(shape, 1);
        PixelBatch images = Shapes.images(shape, IMAGES, 2);
        ReferenceModel reference = new ReferenceModel(shape, parameters);
        double[] expected = new double[parameters.length];
        double loss = 0;
        for (int i = 0; i < IMAGES; i++) {
            loss += reference.gradient(Shapes.image(images, i), expected);
        }
        try (PixelEngine engine = engine(shape, 1, parameters)) {
            FlatVector gradient = FlatVector.zeros(parameters.length);
            gradient.set(0, Float.NaN); // must be overwritten
            assertThat(engine.gradient(0, images, gradient)).isCloseTo(loss, within(1e-5 * loss));
            for (Tensor tensor : engine.layout().tensors()) {
                assertThat(relativeError(gradient, expected, tensor))
                        .as(tensor.name())
                        .isLessThan(1e-4);
            }
            gradient.free();
        }
    }

    @ParameterizedTest
    @MethodSource("shapes")
    void losses_ofImages_areTheReferences(ModelShape shape) {
        double[] parameters = Shapes.parameters(shape, 3);
        PixelBatch images = Shapes.images(shape, IMAGES, 4);
        ReferenceModel reference = new ReferenceModel(shape, parameters);
        try (PixelEngine engine = engine(shape, 1, parameters)) {
            double[] losses = engine.losses(0, images);
            for (int i = 0; i < IMAGES; i++) {
                double expected = reference.loss(Shapes.image(images, i));
                assertThat(losses[i]).isCloseTo(expected, within(1e-5 * expected));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("shapes")
    void features_ofEveryLayer_areTheReferences(ModelShape shape) {
        double[] parameters = Shapes.parameters(shape, 5);
        PixelBatch images = Shapes.images(shape, IMAGES, 6);
        ReferenceModel reference = new ReferenceModel(shape, parameters);
        try (PixelEngine engine = engine(shape, 1, parameters)) {
            float[][][] features = engine.features(0, images, false);
            float[][][] normalised = engine.features(0, images, true);
            assertThat(features).hasNumberOfRows(engine.featureNames().size());
            for (int i = 0; i < IMAGES; i++) {
                double[][] x = reference.embed(Shapes.image(images, i));
                for (int layer = 0; layer <= shape.layers(); layer++) {
                    x = layer == 0 ? x : reference.block(layer - 1, x);
                    for (int feature = 0; feature < shape.width(); feature++) {
                        int column = feature;
                        double mean = Arrays.stream(x)
                                .mapToDouble(token -> token[column])
                                .average()
                                .orElseThrow();
                        assertThat((double) features[layer][i][feature]).isCloseTo(mean, within(2e-5));
                        double meanOfNormalised = Arrays.stream(x)
                                .mapToDouble(token -> token[column] / rootMeanSquare(token))
                                .average()
                                .orElseThrow();
                        assertThat((double) normalised[layer][i][feature]).isCloseTo(meanOfNormalised, within(1e-4));
                    }
                }
            }
        }
    }

    private static double rootMeanSquare(double[] token) {
        double squares = Arrays.stream(token).map(value -> value * value).sum();
        return Math.sqrt(squares / token.length + PixelEngine.NORM_EPSILON);
    }

    @ParameterizedTest
    @MethodSource("shapesOfGeneration")
    void pixels_drawnWithTheCache_areThoseOfTheFullForward(ModelShape shape) {
        double[] parameters = Shapes.parameters(shape, 61);
        ReferenceModel reference = new ReferenceModel(shape, parameters);
        long[] keys = {7, 8};
        for (int given : new int[] {0, 1, shape.tokens() / 2, shape.tokens()}) {
            PixelBatch prompts = Shapes.images(shape, keys.length, 62 + given);
            PixelBatch completed = copy(prompts);
            try (PixelEngine engine = engine(shape, 1, parameters)) {
                engine.complete(0, completed, given, 0.8, keys);
            }
            for (int i = 0; i < keys.length; i++) {
                int[][] expected = Shapes.image(prompts, i);
                complete(reference, expected, given, 0.8, keys[i]);
                assertThat(Shapes.image(completed, i)).isDeepEqualTo(expected);
            }
        }
    }

    @Test
    void anImagesCompletion_dependsOnItsKeyAlone_notOnItsCompany() {
        ModelShape shape = new ModelShape(5, 3, 8, 2, 12, 2, 20);
        PixelBatch many = Shapes.images(shape, 70, 72);
        int size = shape.channels() * shape.tokens();
        PixelBatch last = new PixelBatch(
                1, shape.channels(), shape.tokens(), Arrays.copyOfRange(many.values(), 69 * size, 70 * size));
        long[] keys = new long[70];
        Arrays.setAll(keys, i -> 1000 + i);
        try (PixelEngine engine = engine(shape, 1, Shapes.parameters(shape, 71))) {
            engine.complete(0, many, 10, 1.0, keys);
            engine.complete(0, last, 10, 1.0, new long[] {keys[69]});
        }
        assertThat(last.values()).isEqualTo(Arrays.copyOfRange(many.values(), 69 * size, 70 * size));
    }

    @Test
    void gradient_ofAShard_isTheSameBitsAgain_onEveryLane_andBesideOthers() throws Exception {
        int lanes = 3;
        double[] parameters = Shapes.parameters(SHAPE, 101);
        ExecutorService threads = Executors.newFixedThreadPool(lanes);
        try (PixelEngine engine = engine(SHAPE, lanes, parameters);
                PixelEngine alone = engine(SHAPE, 1, parameters)) {
            PixelBatch shard = Shapes.images(SHAPE, 2, 102);
            float[] expected = gradient(alone, 0, shard);
            List<Future<float[]>> results = new ArrayList<>();
            for (int task = 0; task < lanes; task++) {
                int lane = task;
                results.add(threads.submit(() -> {
                    float[] last = new float[0];
                    for (int i = 0; i < 12; i++) {
                        gradient(engine, lane, Shapes.images(SHAPE, 2, 1000L * lane + i));
                        last = gradient(engine, lane, shard);
                    }
                    return last;
                }));
            }
            for (Future<float[]> result : results) {
                assertThat(result.get()).isEqualTo(expected);
            }
        } finally {
            threads.shutdown();
        }
    }

    @Test
    void products_onAThread_startNoOtherThreads() throws Exception {
        ModelShape shape = new ModelShape(16, 3, 256, 1, 128, 2, 256);
        try (PixelEngine engine = engines().create(shape, 1, 1)) {
            PixelBatch shard = Shapes.images(shape, 1, 103);
            FutureTask<Long> threads = new FutureTask<>(() -> {
                gradient(engine, 0, shard);
                return threadsNamed("lane-on-trial");
            });
            new Thread(threads, "lane-on-trial").start();
            assertThat(threads.get()).isEqualTo(1);
        }
    }

    /** Native threads of that name; those that an OpenMP library starts inherit the name of their creator. */
    private static long threadsNamed(String name) throws IOException {
        try (Stream<Path> tasks = Files.list(Path.of("/proc/self/task"))) {
            return tasks.filter(task -> {
                        try {
                            return Files.readString(task.resolve("comm"))
                                    .strip()
                                    .equals(name);
                        } catch (IOException gone) {
                            return false;
                        }
                    })
                    .count();
        }
    }

    @Test
    void digest_ofAGradient_isTheSameAgain_andChangesWithAParameter() {
        try (PixelEngine engine = engines().create(SHAPE, 2, 2)) {
            assertThat(GradientDigest.of(engine, 2)).isEqualTo(GradientDigest.of(engine, 2));
            FlatVector gradient = FlatVector.zeros(engine.layout().length());
            PixelBatch shard = Shapes.images(SHAPE, 2, 107);
            double before = engine.gradient(0, shard, gradient);
            long at = engine.layout().tensor("head.0").offset();
            engine.parameters().set(at, engine.parameters().get(at) + 1);
            engine.parametersChanged();
            assertThat(engine.gradient(0, shard, gradient)).isNotEqualTo(before);
            gradient.free();
        }
    }

    @Test
    void images_ofAnotherSize_areRefused() {
        try (PixelEngine engine = engines().create(SHAPE, 1, 1)) {
            PixelBatch small = new PixelBatch(1, 3, 64, new byte[3 * 64]);
            assertThatThrownBy(() -> engine.losses(0, small)).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> engine.complete(0, small, 0, 1, new long[1]))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void memory_overAThousandSteps_doesNotGrow() {
        ModelShape shape = new ModelShape(8, 3, 4, 1, 8, 2, 16);
        try (PixelEngine engine = engines().create(shape, 1, 2)) {
            FlatVector gradient = FlatVector.zeros(engine.layout().length());
            PixelBatch shard = Shapes.images(shape, 2, 104);
            step(engine, shard, gradient, 300);
            long pointers = Pointer.totalBytes();
            long count = Pointer.totalCount();
            long resident = Pointer.physicalBytes();
            step(engine, shard, gradient, 1000);
            assertThat(Pointer.totalBytes()).isLessThanOrEqualTo(pointers);
            assertThat(Pointer.totalCount()).isLessThanOrEqualTo(count);
            // One leaked activation a step would be 4 MB and more; the heap and compiled code may move by a little.
            assertThat(Pointer.physicalBytes() - resident).isLessThan(24L << 20);
            gradient.free();
        }
    }

    @Test
    void close_ofAnEngine_givesItsMemoryBack() {
        openAndClose();
        long resident = Pointer.physicalBytes();
        for (int i = 0; i < 40; i++) {
            openAndClose();
        }
        // Forty engines not given back would be more than 200 MB.
        assertThat(Pointer.physicalBytes() - resident).isLessThan(64L << 20);
    }

    private void openAndClose() {
        ModelShape shape = new ModelShape(16, 3, 32, 2, 256, 4, 640);
        try (PixelEngine engine = engines().create(shape, 1, 1)) {
            assertThat(engine.parameters().length() * Float.BYTES).isGreaterThan(5L << 20);
            engine.losses(0, Shapes.images(shape, 1, 105));
        }
    }

    private static void step(PixelEngine engine, PixelBatch shard, FlatVector gradient, int steps) {
        for (int i = 0; i < steps; i++) {
            engine.gradient(0, shard, gradient);
            engine.parametersChanged();
        }
    }

    /** Draws as an engine does, by the reference's whole forward pass for each value. */
    private static void complete(ReferenceModel reference, int[][] image, int given, double temperature, long key) {
        int channels = image.length;
        for (int t = given; t < image[0].length; t++) {
            for (int c = 0; c < channels; c++) {
                double[] logits = reference.logits(image)[c][t];
                double max = Arrays.stream(logits).max().orElseThrow();
                double[] weights = Arrays.stream(logits)
                        .map(logit -> Math.exp((logit - max) / temperature))
                        .toArray();
                double left = SampleNumbers.uniform(key, (long) t * channels + c)
                        * Arrays.stream(weights).sum();
                int value = 0;
                while (value + 1 < weights.length && left >= weights[value]) {
                    left -= weights[value++];
                }
                image[c][t] = value;
            }
        }
    }

    private PixelEngine engine(ModelShape shape, int lanes, double[] parameters) {
        PixelEngine engine = engines().create(shape, lanes, IMAGES);
        Shapes.set(engine.parameters(), parameters);
        engine.parametersChanged();
        return engine;
    }

    private static float[] gradient(PixelEngine engine, int lane, PixelBatch shard) {
        FlatVector gradient = FlatVector.zeros(engine.layout().length());
        engine.gradient(lane, shard, gradient);
        float[] values = new float[(int) gradient.length()];
        gradient.read(0, values, 0, values.length);
        gradient.free();
        return values;
    }

    private static PixelBatch copy(PixelBatch images) {
        return new PixelBatch(
                images.images(),
                images.channels(),
                images.tokens(),
                images.values().clone());
    }

    /** Norm of the difference over the norm of the tensor's gradient, or 1e-2 of the whole gradient's when that is larger. */
    private static double relativeError(FlatVector got, double[] expected, Tensor tensor) {
        double difference = 0;
        double norm = 0;
        for (long i = tensor.offset(); i < tensor.offset() + tensor.length(); i++) {
            double e = expected[(int) i];
            difference += (got.get(i) - e) * (got.get(i) - e);
            norm += e * e;
        }
        double all = Arrays.stream(expected).map(e -> e * e).sum();
        return Math.sqrt(difference / Math.max(norm, 1e-4 * all));
    }
}

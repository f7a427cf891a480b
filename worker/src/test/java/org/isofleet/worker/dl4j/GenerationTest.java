package org.isofleet.worker.dl4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.stream.Stream;
import org.isofleet.protocol.study.ModelShape;
import org.isofleet.worker.engine.PixelBatch;
import org.isofleet.worker.engine.ReferenceModel;
import org.isofleet.worker.engine.Shapes;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Generation with the cache against the uncached reference. */
final class GenerationTest {
    private static final ModelShape SHAPE = new ModelShape(5, 3, 8, 2, 12, 2, 20);

    static Stream<ModelShape> shapes() {
        return Stream.of(SHAPE, new ModelShape(9, 1, 4, 1, 6, 3, 7), new ModelShape(4, 3, 16, 2, 4, 2, 3));
    }

    @ParameterizedTest
    @MethodSource("shapes")
    void logits_ofTheCachedPath_areThoseOfTheFullForward(ModelShape shape) {
        double[] parameters = Shapes.parameters(shape, 51);
        ReferenceModel reference = new ReferenceModel(shape, parameters);
        PixelBatch images = Shapes.images(shape, 3, 52);
        for (int given : new int[] {0, 1, shape.tokens() / 2}) {
            PixelBatch copy = copy(images);
            try (Dl4jEngine engine = engine(shape, parameters)) {
                engine.complete(0, copy, given, (image, token, channel, logits) -> {
                    double[] expected = reference.logits(Shapes.image(images, image))[channel][token];
                    for (int v = 0; v < expected.length; v++) {
                        assertThat((double) logits[v]).isCloseTo(expected[v], within(1e-5));
                    }
                    return Shapes.image(images, image)[channel][token];
                });
            }
            assertThat(copy.values()).isEqualTo(images.values());
        }
    }

    @ParameterizedTest
    @MethodSource("shapes")
    void pixels_drawnGreedilyAndAtRandom_areThoseOfTheFullForward(ModelShape shape) {
        double[] parameters = Shapes.parameters(shape, 61);
        long[] keys = {7, 8};
        int given = shape.tokens() / 2;
        Sampler sampler = new Sampler(keys, shape.channels(), shape.levels(), 0.8);
        for (Generation.Choice choice : new Generation.Choice[] {GenerationTest::largest, sampler}) {
            PixelBatch cached = Shapes.images(shape, 2, 62);
            PixelBatch uncached = copy(cached);
            try (Dl4jEngine engine = engine(shape, parameters)) {
                engine.complete(0, cached, given, choice);
            }
            completeUncached(new ReferenceModel(shape, parameters), uncached, given, choice);
            assertThat(cached.values()).isEqualTo(uncached.values());
        }
    }

    private static void completeUncached(
            ReferenceModel reference, PixelBatch images, int given, Generation.Choice choice) {
        ModelShape shape = reference.shape;
        for (int image = 0; image < images.images(); image++) {
            for (int t = given; t < shape.tokens(); t++) {
                for (int c = 0; c < shape.channels(); c++) {
                    double[] logits = reference.logits(Shapes.image(images, image))[c][t];
                    float[] rounded = new float[logits.length];
                    for (int v = 0; v < rounded.length; v++) {
                        rounded[v] = (float) logits[v];
                    }
                    images.values()[(image * shape.channels() + c) * shape.tokens() + t] =
                            (byte) choice.choose(image, t, c, rounded);
                }
            }
        }
    }

    private static int largest(int image, int token, int channel, float[] logits) {
        int best = 0;
        for (int v = 1; v < logits.length; v++) {
            best = logits[v] > logits[best] ? v : best;
        }
        return best;
    }

    private static Dl4jEngine engine(ModelShape shape, double[] parameters) {
        Dl4jEngine engine = (Dl4jEngine) Dl4jEngine.factory().create(shape, 1, 1);
        Shapes.set(engine.parameters(), parameters);
        engine.parametersChanged();
        return engine;
    }

    private static PixelBatch copy(PixelBatch images) {
        return new PixelBatch(
                images.images(),
                images.channels(),
                images.tokens(),
                images.values().clone());
    }
}

package org.isofleet.worker.dl4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.stream.Stream;
import org.isofleet.protocol.study.ModelShape;
import org.isofleet.worker.engine.FlatVector;
import org.isofleet.worker.engine.ParameterLayout.Tensor;
import org.isofleet.worker.engine.PixelBatch;
import org.isofleet.worker.engine.PixelEngine;
import org.isofleet.worker.engine.ReferenceModel;
import org.isofleet.worker.engine.Shapes;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The engine against the double-precision reference. */
final class Dl4jEngineGradientTest {
    private static final int IMAGES = 3;

    static Stream<ModelShape> shapes() {
        return Shapes.all();
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
        try (PixelEngine engine = Dl4jEngine.factory().create(shape, 1, IMAGES)) {
            Shapes.set(engine.parameters(), parameters);
            engine.parametersChanged();
            FlatVector gradient = FlatVector.zeros(parameters.length);
            gradient.set(0, Float.NaN); // must be overwritten
            double got = engine.gradient(0, images, gradient);
            assertThat(got).isCloseTo(loss, within(2e-6 * loss));
            for (Tensor tensor : engine.layout().tensors()) {
                assertThat(relativeError(gradient, expected, tensor))
                        .as(tensor.name())
                        .isLessThan(3e-5);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("shapes")
    void losses_ofImages_areTheReferences(ModelShape shape) {
        double[] parameters = Shapes.parameters(shape, 3);
        PixelBatch images = Shapes.images(shape, IMAGES, 4);
        ReferenceModel reference = new ReferenceModel(shape, parameters);
        try (PixelEngine engine = Dl4jEngine.factory().create(shape, 1, 1)) {
            Shapes.set(engine.parameters(), parameters);
            engine.parametersChanged();
            double[] losses = engine.losses(0, images);
            for (int i = 0; i < IMAGES; i++) {
                double expected = reference.loss(Shapes.image(images, i));
                assertThat(losses[i]).isCloseTo(expected, within(2e-6 * expected));
            }
        }
    }

    /** Norm of the difference over the norm of the tensor's gradient, or 1e-2 of the whole gradient's when that is larger. */
    static double relativeError(FlatVector got, double[] expected, Tensor tensor) {
        double difference = 0;
        double norm = 0;
        for (long i = tensor.offset(); i < tensor.offset() + tensor.length(); i++) {
            double e = expected[(int) i];
            difference += (got.get(i) - e) * (got.get(i) - e);
            norm += e * e;
        }
        double all = 0;
        for (double e : expected) {
            all += e * e;
        }
        return Math.sqrt(difference / Math.max(norm, 1e-4 * all));
    }
}

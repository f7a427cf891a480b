package org.isofleet.worker.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import java.util.function.DoubleSupplier;
import java.util.stream.Stream;
import org.isofleet.protocol.study.ModelShape;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The reference's gradients against central differences in double precision: each layer alone, then the whole. */
final class ReferenceModelTest {
    private static final double STEP = 1e-5;

    static Stream<ModelShape> shapes() {
        return Shapes.odd();
    }

    @ParameterizedTest
    @MethodSource("shapes")
    void gradient_ofTheWholeModel_isThatOfFiniteDifferences(ModelShape shape) {
        ReferenceModel model = new ReferenceModel(shape, Shapes.parameters(shape, 11));
        int[][] image = Shapes.image(Shapes.images(shape, 1, 12), 0);
        double[] gradient = new double[model.p.length];
        model.gradient(image, gradient);
        check(model.p, gradient, () -> model.loss(image));
    }

    @ParameterizedTest
    @MethodSource("shapes")
    void gradient_ofTheEmbedding_isThatOfFiniteDifferences(ModelShape shape) {
        ReferenceModel model = new ReferenceModel(shape, Shapes.parameters(shape, 21));
        int[][] image = Shapes.image(Shapes.images(shape, 1, 22), 0);
        double[][] weights = matrix(shape, 23);
        double[] gradient = new double[model.p.length];
        model.embedGradient(image, weights, gradient);
        check(model.p, gradient, () -> dot(weights, model.embed(image)));
    }

    @ParameterizedTest
    @MethodSource("shapes")
    void gradient_ofABlock_isThatOfFiniteDifferences(ModelShape shape) {
        ReferenceModel model = new ReferenceModel(shape, Shapes.parameters(shape, 31));
        double[][] x = matrix(shape, 32);
        double[][] weights = matrix(shape, 33);
        double[] gradient = new double[model.p.length];
        double[][] dx = model.blockGradient(0, x, weights, gradient);
        DoubleSupplier value = () -> dot(weights, model.block(0, x));
        check(model.p, gradient, value);
        for (int t = 0; t < x.length; t++) {
            check(x[t], dx[t], value);
        }
    }

    @ParameterizedTest
    @MethodSource("shapes")
    void gradient_ofTheHead_isThatOfFiniteDifferences(ModelShape shape) {
        ReferenceModel model = new ReferenceModel(shape, Shapes.parameters(shape, 41));
        int[][] image = Shapes.image(Shapes.images(shape, 1, 42), 0);
        double[][] x = matrix(shape, 43);
        double[][] dx = new double[shape.tokens()][shape.width()];
        double[] gradient = new double[model.p.length];
        model.head(x, image, gradient, dx);
        DoubleSupplier value = () -> model.head(x, image, null, null);
        check(model.p, gradient, value);
        for (int t = 0; t < x.length; t++) {
            check(x[t], dx[t], value);
        }
    }

    /** Compares up to 200 elements, spread evenly, each within 1e-7 of the gradient's norm. */
    private static void check(double[] variables, double[] gradient, DoubleSupplier value) {
        double norm = 0;
        for (double g : gradient) {
            norm += g * g;
        }
        int stride = Math.max(1, variables.length / 200);
        for (int i = 0; i < variables.length; i += stride) {
            double kept = variables[i];
            variables[i] = kept + STEP;
            double above = value.getAsDouble();
            variables[i] = kept - STEP;
            double below = value.getAsDouble();
            variables[i] = kept;
            assertThat(gradient[i])
                    .as("element %d", i)
                    .isCloseTo((above - below) / (2 * STEP), within(1e-7 * (1 + Math.sqrt(norm))));
        }
    }

    private static double[][] matrix(ModelShape shape, long seed) {
        Random random = new Random(seed);
        double[][] values = new double[shape.tokens()][shape.width()];
        for (double[] row : values) {
            for (int j = 0; j < row.length; j++) {
                row[j] = random.nextGaussian();
            }
        }
        return values;
    }

    private static double dot(double[][] a, double[][] b) {
        double sum = 0;
        for (int t = 0; t < a.length; t++) {
            for (int j = 0; j < a[t].length; j++) {
                sum += a[t][j] * b[t][j];
            }
        }
        return sum;
    }
}

package org.isofleet.worker.engine;

import java.util.Random;
import java.util.stream.Stream;
import org.isofleet.protocol.study.ModelShape;
import org.isofleet.worker.engine.ParameterLayout.Tensor;

/** Shapes, parameters and images for tests. */
public final class Shapes {
    private Shapes() {}

    /** Small shapes at the corners: one and three heads, heads of width 2, odd resolutions and sizes, grey, two levels. */
    public static Stream<ModelShape> odd() {
        return Stream.of(
                new ModelShape(3, 1, 2, 1, 6, 1, 5),
                new ModelShape(5, 3, 4, 2, 6, 3, 7),
                new ModelShape(3, 3, 8, 1, 2, 1, 1),
                new ModelShape(4, 3, 4, 2, 8, 2, 16),
                new ModelShape(1, 1, 2, 1, 4, 1, 3),
                new ModelShape(9, 3, 4, 1, 12, 2, 9));
    }

    /** Shapes that cross tiles and blocks of queries. */
    public static Stream<ModelShape> large() {
        return Stream.of(
                new ModelShape(16, 3, 32, 2, 16, 2, 48),
                new ModelShape(11, 3, 32, 1, 24, 3, 40),
                new ModelShape(33, 1, 4, 1, 4, 1, 5));
    }

    public static Stream<ModelShape> all() {
        return Stream.concat(odd(), large());
    }

    /** Parameters large enough that every path matters; gains around 1. Rounded to floats. */
    public static double[] parameters(ModelShape shape, long seed) {
        Random random = new Random(seed);
        ParameterLayout layout = ParameterLayout.of(shape);
        double[] parameters = new double[(int) layout.length()];
        for (Tensor tensor : layout.tensors()) {
            for (int i = 0; i < tensor.length(); i++) {
                double value = random.nextGaussian();
                parameters[(int) tensor.offset() + i] = (float)
                        switch (tensor.kind()) {
                            case MATRIX -> value / Math.sqrt(tensor.columns());
                            case TABLE -> value * 0.7;
                            case GAIN -> 1 + 0.3 * value;
                        };
            }
        }
        return parameters;
    }

    public static void set(FlatVector vector, double[] values) {
        float[] floats = new float[values.length];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = (float) values[i];
        }
        vector.write(0, floats, 0, floats.length);
    }

    public static PixelBatch images(ModelShape shape, int images, long seed) {
        Random random = new Random(seed);
        byte[] values = new byte[images * shape.channels() * shape.tokens()];
        for (int i = 0; i < values.length; i++) {
            values[i] = (byte) random.nextInt(shape.levels());
        }
        return new PixelBatch(images, shape.channels(), shape.tokens(), values);
    }

    /** One image as [channel][token]. */
    public static int[][] image(PixelBatch batch, int index) {
        int[][] image = new int[batch.channels()][batch.tokens()];
        for (int c = 0; c < image.length; c++) {
            for (int t = 0; t < batch.tokens(); t++) {
                image[c][t] = batch.values()[(index * batch.channels() + c) * batch.tokens() + t] & 0xff;
            }
        }
        return image;
    }
}

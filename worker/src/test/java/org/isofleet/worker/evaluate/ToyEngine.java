package org.isofleet.worker.evaluate;

import java.util.Random;
import org.isofleet.protocol.study.ModelShape;
import org.isofleet.worker.engine.FlatVector;
import org.isofleet.worker.engine.ParameterLayout;
import org.isofleet.worker.engine.PixelBatch;
import org.isofleet.worker.engine.PixelEngine;

/**
 * An engine with known answers: the loss is uniform plus the first parameter times the mean of the first channel; the first layer's
 * features say nothing, the last layer's hold the mean of each channel; completions are uniform, or a copy of the pixel above when the
 * second parameter is 1.
 */
final class ToyEngine implements PixelEngine {
    private final ModelShape shape;
    private final ParameterLayout layout;
    private final int lanes;
    private final FlatVector parameters;
    private volatile float lossSlope;
    private volatile float copies;

    ToyEngine(ModelShape shape, int lanes) {
        this.shape = shape;
        this.layout = ParameterLayout.of(shape);
        this.lanes = lanes;
        this.parameters = FlatVector.zeros(layout.length());
    }

    @Override
    public ModelShape shape() {
        return shape;
    }

    @Override
    public ParameterLayout layout() {
        return layout;
    }

    @Override
    public int lanes() {
        return lanes;
    }

    @Override
    public FlatVector parameters() {
        return parameters;
    }

    @Override
    public void parametersChanged() {
        float[] first = new float[2];
        parameters.read(0, first, 0, 2);
        lossSlope = first[0];
        copies = first[1];
    }

    @Override
    public double gradient(int lane, PixelBatch shard, FlatVector gradient) {
        throw new UnsupportedOperationException();
    }

    @Override
    public double[] losses(int lane, PixelBatch images) {
        double[] losses = new double[images.images()];
        for (int i = 0; i < losses.length; i++) {
            losses[i] = shape.tokens() * (shape.channels() * Math.log(shape.levels()) + lossSlope * mean(images, i, 0));
        }
        return losses;
    }

    @Override
    public float[][][] features(int lane, PixelBatch images, boolean normalised) {
        float[][][] features = new float[shape.layers() + 1][images.images()][shape.width()];
        for (int i = 0; i < images.images(); i++) {
            for (int j = 0; j < shape.width(); j++) {
                features[0][i][j] = images.values()[i * images.channels() * images.tokens()] & 1;
                features[shape.layers()][i][j] =
                        copies == 1 ? (float) mean(images, i, j % images.channels()) : features[0][i][j];
            }
        }
        return features;
    }

    private static double mean(PixelBatch images, int image, int channel) {
        double sum = 0;
        for (int t = 0; t < images.tokens(); t++) {
            sum += images.values()[(image * images.channels() + channel) * images.tokens() + t] & 0xFF;
        }
        return sum / images.tokens();
    }

    @Override
    public void complete(int lane, PixelBatch images, int given, double temperature, long[] keys) {
        for (int i = 0; i < images.images(); i++) {
            Random random = new Random(keys[i]);
            for (int c = 0; c < images.channels(); c++) {
                for (int t = given; t < images.tokens(); t++) {
                    int at = (i * images.channels() + c) * images.tokens() + t;
                    images.values()[at] = copies == 1
                            ? images.values()[at - shape.resolution()]
                            : (byte) random.nextInt(shape.levels());
                }
            }
        }
    }

    @Override
    public String kernels() {
        return "toy";
    }

    @Override
    public void close() {
        parameters.free();
    }
}

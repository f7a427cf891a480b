package org.isofleet.worker.train;

import org.isofleet.protocol.study.ModelShape;
import org.isofleet.worker.engine.FlatVector;
import org.isofleet.worker.engine.ParameterLayout;
import org.isofleet.worker.engine.PixelBatch;
import org.isofleet.worker.engine.PixelEngine;

/**
 * A small true model with exact gradients for tests of training: each channel of a pixel is predicted from the same channel of the pixel
 * before, by the product of a head row with an embedding. The rest of the layout has gradient zero.
 */
public class BigramEngine implements PixelEngine {
    private final ModelShape shape;
    private final ParameterLayout layout;
    private final int lanes;
    private final FlatVector parameters;

    public BigramEngine(ModelShape shape, int lanes) {
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
    public void parametersChanged() {}

    @Override
    public double gradient(int lane, PixelBatch shard, FlatVector gradient) {
        int length = (int) layout.length();
        float[] p = new float[length];
        float[] g = new float[length];
        parameters.read(0, p, 0, length);
        double loss = 0;
        for (int image = 0; image < shard.images(); image++) {
            for (int c = 0; c < shape.channels(); c++) {
                for (int t = 0; t < shape.tokens(); t++) {
                    int at = (image * shape.channels() + c) * shape.tokens() + t;
                    int input = t == 0
                            ? (int) layout.tensor("start").offset()
                            : (int) layout.tensor("embedding." + c).offset()
                                    + (shard.values()[at - 1] & 0xFF) * shape.width();
                    loss += token(p, g, input, (int) layout.tensor("head." + c).offset(), shard.values()[at] & 0xFF);
                }
            }
        }
        gradient.write(0, g, 0, length);
        return loss;
    }

    private double token(float[] p, float[] g, int input, int head, int target) {
        int width = shape.width();
        double[] logits = new double[shape.levels()];
        double sum = 0;
        for (int k = 0; k < logits.length; k++) {
            for (int j = 0; j < width; j++) {
                logits[k] += (double) p[head + k * width + j] * p[input + j];
            }
            sum += StrictMath.exp(logits[k]);
        }
        for (int k = 0; k < logits.length; k++) {
            float d = (float) (StrictMath.exp(logits[k]) / sum - (k == target ? 1 : 0));
            for (int j = 0; j < width; j++) {
                g[head + k * width + j] += d * p[input + j];
                g[input + j] += d * p[head + k * width + j];
            }
        }
        return StrictMath.log(sum) - logits[target];
    }

    @Override
    public double[] losses(int lane, PixelBatch images) {
        throw new UnsupportedOperationException();
    }

    @Override
    public float[][][] features(int lane, PixelBatch images, boolean normalised) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void complete(int lane, PixelBatch images, int given, double temperature, long[] keys) {
        throw new UnsupportedOperationException();
    }

    @Override
    public String kernels() {
        return "bigram";
    }

    @Override
    public void close() {
        parameters.free();
    }
}

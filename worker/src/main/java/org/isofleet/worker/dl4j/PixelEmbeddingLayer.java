package org.isofleet.worker.dl4j;

import java.util.Arrays;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.isofleet.worker.engine.FlatVector;
import org.jspecify.annotations.Nullable;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The kernels of {@link PixelEmbedding}. */
final class PixelEmbeddingLayer extends PixelKernelLayer<PixelEmbedding> {
    private static final long serialVersionUID = 1L;

    /** In place of a value: there is no pixel before. */
    static final int START = -1;

    private final transient FeatureTable table;
    private final int levels;

    PixelEmbeddingLayer(NeuralNetConfiguration conf, DataType type) {
        super(conf, type);
        this.levels = shape.levels();
        // All channels' tables and the start vector lie one after the other: one table, whose last entry is the start.
        this.table = new FeatureTable(shape.channels() * levels + 1, shape.width(), at("embedding.0"));
    }

    @Override
    void refresh(Staging staging) {
        table.read(parameters());
    }

    /** One feature of the input that a pixel's values give, {@link #START} for none. */
    float embed(int feature, int[] values) {
        float[] row = table.row(feature);
        if (values[0] == START) {
            return row[row.length - 1];
        }
        float sum = row[values[0]];
        for (int c = 1; c < values.length; c++) {
            sum += row[c * levels + values[c]];
        }
        return sum;
    }

    /** From the workspace's pixels to its residual stream. */
    void forward(Workspace w) {
        int tokens = shape.tokens();
        float[] out = w.staging.a;
        for (int feature = 0; feature < shape.width(); feature++) {
            float[] row = table.row(feature);
            for (int from = 0; from < tokens; from += Staging.TILE) {
                int n = Math.min(Staging.TILE, tokens - from);
                int skip = from == 0 ? 1 : 0;
                lookup(out, skip, n, row, w.pixels, from);
                if (skip == 1) {
                    out[0] = row[row.length - 1];
                }
                w.residual.write((long) feature * tokens + from, out, 0, n);
            }
        }
    }

    private void lookup(float[] out, int skip, int n, float[] row, int[][] pixels, int from) {
        int before = from - 1;
        if (pixels.length == 3) {
            int[] red = pixels[0];
            int[] green = pixels[1];
            int[] blue = pixels[2];
            for (int i = skip; i < n; i++) {
                int t = before + i;
                out[i] = row[red[t]] + row[levels + green[t]] + row[2 * levels + blue[t]];
            }
        } else {
            int[] grey = pixels[0];
            for (int i = skip; i < n; i++) {
                out[i] = row[grey[before + i]];
            }
        }
    }

    @Override
    void begin(Workspace w) {
        for (float[] row : w.embeddingGradient) {
            Arrays.fill(row, 0f);
        }
    }

    /** Adds the residual stream's gradient to that of the tables. */
    void backward(Workspace w) {
        int tokens = shape.tokens();
        float[] g = w.staging.a;
        for (int feature = 0; feature < shape.width(); feature++) {
            float[] row = w.embeddingGradient[feature];
            for (int from = 0; from < tokens; from += Staging.TILE) {
                int n = Math.min(Staging.TILE, tokens - from);
                w.residualGradient.read((long) feature * tokens + from, g, 0, n);
                int skip = from == 0 ? 1 : 0;
                if (skip == 1) {
                    row[row.length - 1] += g[0];
                }
                for (int c = 0; c < w.pixels.length; c++) {
                    int[] values = w.pixels[c];
                    int base = c * levels;
                    for (int i = skip; i < n; i++) {
                        row[base + values[from - 1 + i]] += g[i];
                    }
                }
            }
        }
    }

    @Override
    void finish(Workspace w, FlatVector gradient, long offset) {
        table.write(w.embeddingGradient, w.staging, gradient, offset);
    }

    @Override
    public INDArray activate(boolean training, LayerWorkspaceMgr manager) {
        INDArray values = contiguousInput();
        Workspace w = ownWorkspace();
        refresh(w.staging);
        INDArray out = planes(manager, ArrayType.ACTIVATIONS, values.size(0), shape.width());
        FlatVector flat = Arena.view(out);
        long plane = w.residual.length();
        for (long i = 0; i < values.size(0); i++) {
            loadPixels(w, values, i);
            forward(w);
            copy(w.residual, 0, flat, i * plane, plane);
        }
        return out;
    }

    @Override
    public Pair<Gradient, @Nullable INDArray> backpropGradient(INDArray epsilon, LayerWorkspaceMgr manager) {
        INDArray values = contiguousInput();
        FlatVector flat = Arena.view(contiguous(epsilon));
        Workspace w = ownWorkspace();
        begin(w);
        long plane = w.residual.length();
        for (long i = 0; i < values.size(0); i++) {
            loadPixels(w, values, i);
            copy(flat, i * plane, w.residualGradient, 0, plane);
            backward(w);
        }
        finish(w, ownGradient(), 0);
        return new Pair<>(gradientViews(), null); // pixels have no gradient
    }
}

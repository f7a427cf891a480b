package org.isofleet.worker.dl4j;

import java.util.Arrays;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.isofleet.worker.engine.FlatVector;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The kernels of {@link PixelHead}. */
final class PixelHeadLayer extends PixelOutputLayer {
    private static final long serialVersionUID = 1L;

    /** Sums of exponentials lie in [1, 256 (1 + epsilon)], so a product of so many neither over- nor underflows a double. */
    private static final int LOG_GROUP = 64;

    private final int width;
    private final int tokens;
    private final int levels;
    private final int channels;
    private final long gainAt;
    private final long[] weightsAt;
    private final transient float[] gain;
    private final transient FeatureTable[] tables;

    PixelHeadLayer(NeuralNetConfiguration conf, DataType type) {
        super(conf, type);
        this.width = shape.width();
        this.tokens = shape.tokens();
        this.levels = shape.levels();
        this.channels = shape.channels();
        this.gainAt = at("head.gain");
        this.gain = new float[width];
        this.weightsAt = new long[channels];
        this.tables = new FeatureTable[channels - 1];
        for (int c = 0; c < channels; c++) {
            weightsAt[c] = at("head." + c);
            if (c + 1 < channels) {
                tables[c] = new FeatureTable(levels, width, at("head.table." + c));
            }
        }
    }

    @Override
    void refresh(Staging staging) {
        parameters().read(gainAt, gain, 0, width);
        for (FeatureTable table : tables) {
            table.read(parameters());
        }
    }

    float gain(int feature) {
        return gain[feature];
    }

    /** What a value of a channel adds to the head's input for the channels after it. */
    float table(int channel, int feature, int value) {
        return tables[channel].row(feature)[value];
    }

    /** Address of a channel's weight, [levels][width]. */
    long weightAddress(int channel) {
        return parameters().address(weightsAt[channel]);
    }

    /** From the residual stream to the head's input of every channel. */
    private void inputs(Workspace w) {
        w.staging.norm(w.residual, width, tokens, w.headNormed, w.headScale);
        float[] u = w.staging.a;
        for (int feature = 0; feature < width; feature++) {
            for (int from = 0; from < tokens; from += Staging.TILE) {
                int n = Math.min(Staging.TILE, tokens - from);
                long at = (long) feature * tokens + from;
                w.headNormed.read(at, u, 0, n);
                Loops.scale(u, gain[feature], n);
                w.headInputs[0].write(at, u, 0, n);
                for (int c = 1; c < channels; c++) {
                    addLookup(u, tables[c - 1].row(feature), w.pixels[c - 1], from, n);
                    w.headInputs[c].write(at, u, 0, n);
                }
            }
        }
    }

    private static void addLookup(float[] u, float[] row, int[] values, int from, int n) {
        for (int i = 0; i < n; i++) {
            u[i] += row[values[from + i]];
        }
    }

    /** Exponentials of a channel's logits, in place, and the channel's loss in nats, summed over tokens. */
    private double exponentials(Workspace w, int channel) {
        w.gemm.nn(
                levels,
                tokens,
                width,
                weightAddress(channel),
                width,
                w.headInputs[channel].address(0),
                tokens,
                0f,
                w.logits.address(0),
                tokens);
        int[] target = w.pixels[channel];
        float[] chosen = w.columnDot;
        for (int t = 0; t < tokens; t++) {
            chosen[t] = w.logits.get((long) target[t] * tokens + t);
        }
        w.staging.softmax(w.logits, 0, levels, tokens, null, 0, w.columnMax, w.columnSum);
        double loss = 0;
        for (int from = 0; from < tokens; from += LOG_GROUP) {
            double product = 1;
            double linear = 0;
            for (int t = from; t < Math.min(tokens, from + LOG_GROUP); t++) {
                product *= w.columnSum[t];
                linear += (double) w.columnMax[t] - chosen[t];
            }
            loss += StrictMath.log(product) + linear;
        }
        return loss;
    }

    /** Loss of the workspace's image, in nats, summed over tokens and channels. */
    @Override
    double loss(Workspace w) {
        inputs(w);
        double loss = 0;
        for (int c = 0; c < channels; c++) {
            loss += exponentials(w, c);
        }
        return loss;
    }

    @Override
    void begin(Workspace w) {
        Arrays.fill(w.headGainGradient, 0f);
        for (float[][] table : w.tableGradient) {
            for (float[] row : table) {
                Arrays.fill(row, 0f);
            }
        }
    }

    /**
     * Loss of the workspace's image, and the gradient of its residual stream. Channels run from the last to the first: after channel c
     * the running sum is the gradient of all inputs from c on, which is that of the table of channel c - 1.
     */
    @Override
    double lossAndGradient(Workspace w, FlatVector gradient, long offset, boolean first) {
        inputs(w);
        double loss = 0;
        FlatVector running = w.normedGradient;
        for (int c = channels - 1; c >= 0; c--) {
            loss += exponentials(w, c);
            Loops.inverse(w.columnSum, tokens);
            w.staging.scaleColumns(w.logits, 0, levels, tokens, w.columnSum);
            int[] target = w.pixels[c];
            for (int t = 0; t < tokens; t++) {
                long at = (long) target[t] * tokens + t;
                w.logits.set(at, w.logits.get(at) - 1f);
            }
            w.gemm.nt(
                    levels,
                    width,
                    tokens,
                    w.logits.address(0),
                    tokens,
                    w.headInputs[c].address(0),
                    tokens,
                    first ? 0f : 1f,
                    gradient.address(offset + weightsAt[c]),
                    width);
            w.gemm.tn(
                    width,
                    tokens,
                    levels,
                    weightAddress(c),
                    width,
                    w.logits.address(0),
                    tokens,
                    c == channels - 1 ? 0f : 1f,
                    running.address(0),
                    tokens);
            if (c > 0) {
                addTableGradient(w, running, w.tableGradient[c - 1], w.pixels[c - 1]);
            }
        }
        gainGradient(w, running);
        w.residualGradient.clear();
        w.staging.normGradient(running, w.headNormed, w.headScale, width, tokens, w.residualGradient);
        return loss;
    }

    private void addTableGradient(Workspace w, FlatVector running, float[][] table, int[] values) {
        float[] g = w.staging.a;
        for (int feature = 0; feature < width; feature++) {
            float[] row = table[feature];
            for (int from = 0; from < tokens; from += Staging.TILE) {
                int n = Math.min(Staging.TILE, tokens - from);
                running.read((long) feature * tokens + from, g, 0, n);
                for (int i = 0; i < n; i++) {
                    row[values[from + i]] += g[i];
                }
            }
        }
    }

    /** Adds to the gain's gradient and turns the gradient of the gained output into that of the norm's. */
    private void gainGradient(Workspace w, FlatVector running) {
        float[] g = w.staging.a;
        float[] h = w.staging.b;
        for (int feature = 0; feature < width; feature++) {
            for (int from = 0; from < tokens; from += Staging.TILE) {
                int n = Math.min(Staging.TILE, tokens - from);
                long at = (long) feature * tokens + from;
                running.read(at, g, 0, n);
                w.headNormed.read(at, h, 0, n);
                w.headGainGradient[feature] += Loops.dot(g, h, n);
                Loops.scale(g, gain[feature], n);
                running.write(at, g, 0, n);
            }
        }
    }

    @Override
    void finish(Workspace w, FlatVector gradient, long offset) {
        gradient.write(offset + gainAt, w.headGainGradient, 0, width);
        for (int c = 0; c < tables.length; c++) {
            tables[c].write(w.tableGradient[c], w.staging, gradient, offset);
        }
    }

    @Override
    public INDArray activate(boolean training, LayerWorkspaceMgr manager) {
        INDArray x = contiguousInput();
        FlatVector from = Arena.view(x);
        Workspace w = ownWorkspace();
        refresh(w.staging);
        INDArray out = planes(manager, ArrayType.ACTIVATIONS, x.size(0), levels);
        FlatVector to = Arena.view(out);
        for (long i = 0; i < x.size(0); i++) {
            copy(from, i * width * tokens, w.residual, 0, w.residual.length());
            inputs(w);
            exponentials(w, 0);
            Loops.inverse(w.columnSum, tokens);
            w.staging.scaleColumns(w.logits, 0, levels, tokens, w.columnSum);
            copy(w.logits, 0, to, i * levels * tokens, w.logits.length());
        }
        return out;
    }
}

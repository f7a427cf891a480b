package org.isofleet.worker.dl4j;

import java.util.HashMap;
import java.util.Map;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.gradient.DefaultGradient;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.layers.BaseLayer;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.isofleet.protocol.study.ModelShape;
import org.isofleet.worker.engine.FlatVector;
import org.isofleet.worker.engine.ParameterLayout.Tensor;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A Deeplearning4j layer around kernels that take one image at a time. The kernels read parameters, and what {@link #refresh} derived
 * from them, and write to a {@link Workspace} only; so {@link Dl4jEngine} runs the same layers on several lanes at once. Through
 * Deeplearning4j's own {@code activate} and {@code backpropGradient} a layer has one workspace of its own, takes the images of a
 * batch in order, and computes forward again on the way back, since it keeps one image only.
 */
abstract class PixelKernelLayer<C extends PixelLayer> extends BaseLayer<C> {
    private static final long serialVersionUID = 1L;

    final transient ModelShape shape;
    final transient Arena arena = new Arena();
    private final transient Map<String, Long> offsets = new HashMap<>();
    private transient @Nullable FlatVector parameters;
    private transient @Nullable Workspace workspace;

    PixelKernelLayer(NeuralNetConfiguration conf, DataType type) {
        super(conf, type);
        PixelLayer mine = (PixelLayer) conf.getLayer();
        this.shape = mine.shape();
        for (Tensor tensor : mine.tensors()) {
            offsets.put(tensor.name(), tensor.offset());
        }
    }

    /** Derives from the parameters what the kernels use; must run after each change to them, before anything else. */
    abstract void refresh(Staging staging);

    /** Starts the gradient of a shard. */
    void begin(Workspace w) {}

    /** Ends the gradient of a shard: what was gathered in the workspace goes to the layer's part of it. */
    abstract void finish(Workspace w, FlatVector gradient, long offset);

    /** Offset of a tensor in this layer's parameters. */
    final long at(String tensor) {
        Long offset = offsets.get(tensor);
        if (offset == null) {
            throw new IllegalArgumentException("no tensor " + tensor);
        }
        return offset;
    }

    /** This layer's parameters. */
    final FlatVector parameters() {
        if (parameters == null) {
            throw new IllegalStateException("parameters are not set");
        }
        return parameters;
    }

    final Workspace ownWorkspace() {
        if (workspace == null) {
            workspace = new Workspace(shape, 1);
        }
        return workspace;
    }

    /** The gradient that Deeplearning4j gave this layer to write to. */
    final FlatVector ownGradient() {
        return Arena.view(gradientsFlattened);
    }

    /** The gradient's views, as Deeplearning4j passes them on. */
    final Gradient gradientViews() {
        Gradient views = new DefaultGradient(gradientsFlattened);
        gradientViews.forEach((name, view) -> views.setGradientFor(name, view, 'c'));
        return views;
    }

    /** A new activation or its gradient, [batch][features][tokens]. */
    final INDArray planes(LayerWorkspaceMgr manager, ArrayType type, long batch, long features) {
        return manager.createUninitialized(type, DataType.FLOAT, new long[] {batch, features, shape.tokens()}, 'c');
    }

    /** The layer's input, row-major. */
    final INDArray contiguousInput() {
        assertInputSet(true);
        return contiguous(input);
    }

    static INDArray contiguous(INDArray array) {
        return array.ordering() == 'c' && !array.isView() ? array : array.dup('c');
    }

    static void copy(FlatVector from, long fromAt, FlatVector to, long toAt, long count) {
        float[] tile = new float[Staging.TILE];
        for (long done = 0; done < count; done += Staging.TILE) {
            int n = (int) Math.min(Staging.TILE, count - done);
            from.read(fromAt + done, tile, 0, n);
            to.write(toAt + done, tile, 0, n);
        }
    }

    /** Takes image i of pixel values [batch][channels][tokens]. */
    static void loadPixels(Workspace w, INDArray values, long i) {
        FlatVector flat = Arena.view(contiguous(values));
        int tokens = w.shape.tokens();
        for (int c = 0; c < w.pixels.length; c++) {
            for (int t = 0; t < tokens; t++) {
                w.pixels[c][t] = (int) flat.get((i * w.pixels.length + c) * tokens + t);
            }
        }
    }

    @Override
    public void setParamsViewArray(INDArray view) {
        super.setParamsViewArray(view);
        parameters = Arena.view(view);
    }

    @Override
    public boolean isPretrainLayer() {
        return false;
    }

    @Override
    public void clearNoiseWeightParams() {
        // No weight noise.
    }

    @Override
    public void close() {
        arena.close();
        if (workspace != null) {
            workspace.close();
            workspace = null;
        }
    }
}

package org.isofleet.worker.dl4j;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.api.ParamInitializer;
import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;
import org.deeplearning4j.nn.conf.memory.LayerMemoryReport;
import org.deeplearning4j.nn.conf.memory.MemoryReport;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.isofleet.protocol.study.ModelShape;
import org.isofleet.worker.engine.ParameterLayout;
import org.isofleet.worker.engine.ParameterLayout.Tensor;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Configuration of a Deeplearning4j layer of the pixel model. Activations are {@code [batch, features, tokens]}, as those of
 * Deeplearning4j's recurrent layers; parameters are a contiguous part of the model's {@link ParameterLayout}, so a network of {@link
 * PixelEmbedding}, {@link DecoderBlock}s and {@link PixelHead} has the flat parameters of the whole model.
 */
public abstract class PixelLayer extends FeedForwardLayer {
    private static final long serialVersionUID = 1L;

    private int resolution;
    private int channels;
    private int levels;
    private int heads;
    private int hidden;

    /** For deserialization. */
    protected PixelLayer() {}

    protected PixelLayer(ModelShape shape, long in, long out) {
        this.resolution = shape.resolution();
        this.channels = shape.channels();
        this.levels = shape.levels();
        this.heads = shape.heads();
        this.hidden = shape.hidden();
        this.nIn = in;
        this.nOut = out;
    }

    /** The model's width. */
    abstract int width();

    /** Whether a tensor of a model with one block belongs to this layer. */
    abstract boolean holds(String tensor);

    /** Makes the layer that computes. */
    abstract PixelKernelLayer<?> layer(NeuralNetConfiguration conf, DataType type);

    /** The model that this layer belongs to, with a single block. */
    ModelShape shape() {
        return new ModelShape(resolution, channels, levels, 1, width(), heads, hidden);
    }

    /** This layer's tensors; offsets count from its first. */
    List<Tensor> tensors() {
        List<Tensor> mine = ParameterLayout.of(shape()).tensors().stream()
                .filter(t -> holds(t.name()))
                .toList();
        long first = mine.get(0).offset();
        return mine.stream()
                .map(t -> new Tensor(t.name(), t.kind(), t.rows(), t.columns(), t.offset() - first))
                .toList();
    }

    @Override
    public org.deeplearning4j.nn.api.Layer instantiate(
            NeuralNetConfiguration conf,
            @Nullable Collection<TrainingListener> listeners,
            int index,
            INDArray parameters,
            boolean initialize,
            DataType type) {
        if (type != DataType.FLOAT) {
            throw new IllegalArgumentException("the pixel model computes in FLOAT, not " + type);
        }
        PixelKernelLayer<?> layer = layer(conf, type);
        layer.setListeners(listeners);
        layer.setIndex(index);
        layer.setParamsViewArray(parameters);
        Map<String, INDArray> table = initializer().init(conf, parameters, initialize);
        layer.setParamTable(table);
        layer.setConf(conf);
        return layer;
    }

    @Override
    public ParamInitializer initializer() {
        return new PixelParameters();
    }

    @Override
    public InputType getOutputType(int index, InputType input) {
        return InputType.recurrent(nOut, (long) resolution * resolution);
    }

    @Override
    public void setNIn(InputType input, boolean override) {
        // Fixed by the model's shape.
    }

    @Override
    @SuppressWarnings("NullAway") // null is Deeplearning4j's "no preprocessor"
    public InputPreProcessor getPreProcessorForInputType(InputType input) {
        return null;
    }

    @Override
    public LayerMemoryReport getMemoryReport(InputType input) {
        long parameters = tensors().stream().mapToLong(Tensor::length).sum();
        return new LayerMemoryReport.Builder(getLayerName(), getClass(), input, getOutputType(-1, input))
                .standardMemory(parameters, parameters)
                .workingMemory(0, 0, MemoryReport.CACHE_MODE_ALL_ZEROS, MemoryReport.CACHE_MODE_ALL_ZEROS)
                .cacheMemory(MemoryReport.CACHE_MODE_ALL_ZEROS, MemoryReport.CACHE_MODE_ALL_ZEROS)
                .build();
    }
}

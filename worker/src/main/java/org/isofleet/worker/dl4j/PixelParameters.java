package org.isofleet.worker.dl4j;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.api.ParamInitializer;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.isofleet.worker.engine.ParameterLayout.Kind;
import org.isofleet.worker.engine.ParameterLayout.Tensor;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * Cuts a layer's flat parameters and gradients into its tensors, row-major. Asked to initialise, it draws matrices with variance 1 /
 * columns and tables with variance 0.02^2 from ND4J's generator, and sets gains to 1; training has its own, counter-based
 * initialisation.
 */
final class PixelParameters implements ParamInitializer {
    @Override
    public long numParams(NeuralNetConfiguration conf) {
        return numParams(conf.getLayer());
    }

    @Override
    public long numParams(Layer layer) {
        return tensors(layer).stream().mapToLong(Tensor::length).sum();
    }

    @Override
    public List<String> paramKeys(Layer layer) {
        return tensors(layer).stream().map(Tensor::name).toList();
    }

    @Override
    public List<String> weightKeys(Layer layer) {
        return paramKeys(layer).stream().filter(k -> isWeightParam(layer, k)).toList();
    }

    @Override
    public List<String> biasKeys(Layer layer) {
        return paramKeys(layer).stream().filter(k -> isBiasParam(layer, k)).toList();
    }

    /** Matrices; Deeplearning4j applies weight decay to these. */
    @Override
    public boolean isWeightParam(Layer layer, String key) {
        return tensors(layer).stream().anyMatch(t -> t.name().equals(key) && t.kind() == Kind.MATRIX);
    }

    /** What is not decayed. */
    @Override
    public boolean isBiasParam(Layer layer, String key) {
        return !isWeightParam(layer, key);
    }

    @Override
    public Map<String, INDArray> init(NeuralNetConfiguration conf, INDArray flat, boolean initialize) {
        for (Tensor tensor : tensors(conf.getLayer())) {
            conf.addVariable(tensor.name());
            if (initialize) {
                draw(tensor, view(tensor, flat));
            }
        }
        return views(conf, flat);
    }

    private static void draw(Tensor tensor, INDArray view) {
        switch (tensor.kind()) {
            case MATRIX -> view.assign(Nd4j.randn(view.shape()).muli(1 / Math.sqrt(tensor.columns())));
            case TABLE -> view.assign(Nd4j.randn(view.shape()).muli(0.02));
            case GAIN -> view.assign(1);
        }
    }

    @Override
    public Map<String, INDArray> getGradientsFromFlattened(NeuralNetConfiguration conf, INDArray flat) {
        return views(conf, flat);
    }

    private static Map<String, INDArray> views(NeuralNetConfiguration conf, INDArray flat) {
        Map<String, INDArray> views = new LinkedHashMap<>();
        for (Tensor tensor : tensors(conf.getLayer())) {
            views.put(tensor.name(), view(tensor, flat));
        }
        return views;
    }

    private static INDArray view(Tensor t, INDArray flat) {
        return flat.reshape(flat.length())
                .get(NDArrayIndex.interval(t.offset(), t.offset() + t.length()))
                .reshape('c', t.rows(), t.columns());
    }

    private static List<Tensor> tensors(Layer layer) {
        return ((PixelLayer) layer).tensors();
    }
}

package org.isofleet.worker.dl4j;

import java.util.List;
import org.deeplearning4j.nn.api.layers.IOutputLayer;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.isofleet.worker.engine.FlatVector;
import org.jspecify.annotations.Nullable;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.api.DataSet;
import org.nd4j.linalg.dataset.api.iterator.DataSetIterator;
import org.nd4j.linalg.factory.Nd4j;

/** What Deeplearning4j asks of an output layer, over the loss of one image at a time. Labels are pixel values. */
abstract class PixelOutputLayer extends PixelKernelLayer<PixelHead> implements IOutputLayer {
    private static final long serialVersionUID = 1L;

    private transient @Nullable INDArray labels;

    PixelOutputLayer(NeuralNetConfiguration conf, DataType type) {
        super(conf, type);
    }

    /** Loss of the workspace's image from its residual stream, in nats. */
    abstract double loss(Workspace w);

    /** The same, with the gradient of the residual stream, and those of the parameters from {@code offset} on. */
    abstract double lossAndGradient(Workspace w, FlatVector gradient, long offset, boolean first);

    @Override
    public Pair<Gradient, INDArray> backpropGradient(INDArray epsilon, LayerWorkspaceMgr manager) {
        INDArray x = contiguousInput();
        FlatVector from = Arena.view(x);
        FlatVector gradient = ownGradient();
        Workspace w = ownWorkspace();
        refresh(w.staging);
        begin(w);
        INDArray dx = planes(manager, ArrayType.ACTIVATION_GRAD, x.size(0), shape.width());
        FlatVector to = Arena.view(dx);
        long plane = w.residual.length();
        for (long i = 0; i < x.size(0); i++) {
            loadPixels(w, givenLabels(), i);
            copy(from, i * plane, w.residual, 0, plane);
            lossAndGradient(w, gradient, 0, i == 0);
            copy(w.residualGradient, 0, to, i * plane, plane);
        }
        finish(w, gradient, 0);
        return new Pair<>(gradientViews(), dx);
    }

    @Override
    public double computeScore(double regularization, boolean training, LayerWorkspaceMgr manager) {
        double[] losses = losses();
        double sum = 0;
        for (double loss : losses) {
            sum += loss;
        }
        return sum / losses.length + regularization;
    }

    @Override
    public INDArray computeScoreForExamples(double regularization, LayerWorkspaceMgr manager) {
        double[] losses = losses();
        return Nd4j.createFromArray(losses).addi(regularization).reshape(losses.length, 1);
    }

    private double[] losses() {
        INDArray x = contiguousInput();
        FlatVector from = Arena.view(x);
        Workspace w = ownWorkspace();
        refresh(w.staging);
        double[] losses = new double[(int) x.size(0)];
        long plane = w.residual.length();
        for (int i = 0; i < losses.length; i++) {
            loadPixels(w, givenLabels(), i);
            copy(from, i * plane, w.residual, 0, plane);
            losses[i] = loss(w);
        }
        return losses;
    }

    private INDArray givenLabels() {
        if (labels == null) {
            throw new IllegalStateException("labels are not set: give the images' pixel values");
        }
        return labels;
    }

    @Override
    public boolean needsLabels() {
        return true;
    }

    @Override
    public void setLabels(@Nullable INDArray labels) {
        this.labels = labels;
    }

    @Override
    public @Nullable INDArray getLabels() {
        return labels;
    }

    @Override
    @SuppressWarnings("deprecation") // still abstract above
    public int numLabels() {
        return shape.levels();
    }

    // A classifier's conveniences, which have no meaning for images.

    @Override
    public double f1Score(DataSet data) {
        throw unsupported();
    }

    @Override
    public double f1Score(INDArray examples, INDArray given) {
        throw unsupported();
    }

    @Override
    public void fit(DataSetIterator iterator) {
        throw unsupported();
    }

    @Override
    public void fit(INDArray examples, INDArray given) {
        throw unsupported();
    }

    @Override
    public void fit(DataSet data) {
        throw unsupported();
    }

    @Override
    public void fit(INDArray examples, int[] given) {
        throw unsupported();
    }

    @Override
    public int[] predict(INDArray examples) {
        throw unsupported();
    }

    @Override
    public List<String> predict(DataSet data) {
        throw unsupported();
    }

    private static UnsupportedOperationException unsupported() {
        return new UnsupportedOperationException(
                "train and evaluate through the network, not through its output layer");
    }
}

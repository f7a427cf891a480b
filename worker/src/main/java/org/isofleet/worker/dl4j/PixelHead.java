package org.isofleet.worker.dl4j;

import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.isofleet.protocol.study.ModelShape;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * The output layer: a final norm gives h, and the logits of channel c are {@code W_c (h + sum over c' < c of table_c'[v_c'])}, v the pixel
 * itself. Labels {@code [batch, channels, tokens]} hold pixel values. The score is the mean over images of nats, summed over pixels and
 * channels; {@code activate} gives the distribution of the first channel, {@code [batch, levels, tokens]}, the only one that needs no label.
 */
public final class PixelHead extends PixelLayer {
    private static final long serialVersionUID = 1L;

    /** For deserialization. */
    public PixelHead() {}

    /** The layer of a model; all its blocks have the same configuration. */
    public PixelHead(ModelShape shape) {
        super(shape, shape.width(), shape.levels());
    }

    @Override
    int width() {
        return (int) getNIn();
    }

    @Override
    boolean holds(String tensor) {
        return tensor.startsWith("head.");
    }

    @Override
    PixelKernelLayer<?> layer(NeuralNetConfiguration conf, DataType type) {
        return new PixelHeadLayer(conf, type);
    }
}

package org.isofleet.worker.dl4j;

import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.isofleet.protocol.study.ModelShape;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * Sums the channel embeddings of the pixel before, with a learned start vector before the first. Input {@code [batch, channels, tokens]}
 * holds pixel values (whole numbers below the levels), output is {@code [batch, width, tokens]}: the residual stream at token t says
 * what pixel t - 1 was.
 */
public final class PixelEmbedding extends PixelLayer {
    private static final long serialVersionUID = 1L;

    /** For deserialization. */
    public PixelEmbedding() {}

    /** The layer of a model; all its blocks have the same configuration. */
    public PixelEmbedding(ModelShape shape) {
        super(shape, shape.channels(), shape.width());
    }

    @Override
    int width() {
        return (int) getNOut();
    }

    @Override
    boolean holds(String tensor) {
        return tensor.startsWith("embedding.") || tensor.equals("start");
    }

    @Override
    PixelKernelLayer<?> layer(NeuralNetConfiguration conf, DataType type) {
        return new PixelEmbeddingLayer(conf, type);
    }
}

package org.isofleet.worker.dl4j;

import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.isofleet.protocol.study.ModelShape;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * One pre-norm Transformer decoder block: {@code x + attention(norm(x))}, then {@code x + geglu(norm(x))}.
 */
public final class DecoderBlock extends PixelLayer {
    private static final long serialVersionUID = 1L;

    /** For deserialization. */
    public DecoderBlock() {}

    /** The layer of a model; all its blocks have the same configuration. */
    public DecoderBlock(ModelShape shape) {
        super(shape, shape.width(), shape.width());
    }

    @Override
    int width() {
        return (int) getNOut();
    }

    @Override
    boolean holds(String tensor) {
        return tensor.startsWith("blocks.0.");
    }

    @Override
    PixelKernelLayer<?> layer(NeuralNetConfiguration conf, DataType type) {
        return new DecoderBlockLayer(conf, type);
    }
}

package org.isofleet.worker.torch;

import static org.bytedeco.pytorch.global.torch.cat;
import static org.bytedeco.pytorch.global.torch.cross_entropy_loss;
import static org.bytedeco.pytorch.global.torch.embedding;
import static org.bytedeco.pytorch.global.torch.gelu;
import static org.bytedeco.pytorch.global.torch.linear;
import static org.bytedeco.pytorch.global.torch.scaled_dot_product_attention;

import org.bytedeco.pytorch.DoubleOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.TensorVector;
import org.isofleet.protocol.study.ModelShape;
import org.isofleet.worker.engine.PixelEngine;

/**
 * The model's forward pass, from which autograd derives the way back. Residual streams are [images][tokens][width]. Every method makes
 * tensors that the caller's pointer scope frees.
 */
final class TorchModel {
    /** LibTorch's code of a target that does not count; ours all do. */
    private static final long IGNORED_CLASS = -100;

    /** What a loss is of. */
    enum Reduction {
        EACH_PIXEL(0),
        SUM(2);

        private final long code;

        Reduction(long code) {
            this.code = code;
        }
    }

    private final ModelShape shape;
    private final LaneParameters parameters;
    private final Rotary rotary;

    /** Attends with the queries and keys, [images][tokens][2][heads][headWidth], and values, [images][tokens][heads][headWidth], of a block. */
    @FunctionalInterface
    interface Attention {
        /** @return [images][tokens][width] */
        Tensor of(int block, Tensor queryKey, Tensor value);
    }

    TorchModel(ModelShape shape, LaneParameters parameters, Rotary rotary) {
        this.shape = shape;
        this.parameters = parameters;
        this.rotary = rotary;
    }

    /**
     * What enters the first block for the first tokens of images.
     *
     * @param images [images][channels][tokens], whole numbers
     * @param tokens of each, at least 1: the start vector, then the pixel before each
     */
    Tensor embed(Tensor images, long tokens) {
        long count = images.size(0);
        Tensor first = parameters.start.view(1, 1, shape.width()).expand(count, 1, shape.width());
        if (tokens == 1) {
            return first;
        }
        Tensor pixels = pixels(images.narrow(2, 0, tokens - 1));
        return cat(new TensorVector(first, pixels), 1);
    }

    /** Sums of the embeddings of pixels [images][channels][tokens]. */
    Tensor pixels(Tensor images) {
        Tensor sum = embedding(parameters.embeddings[0], images.select(1, 0));
        for (int c = 1; c < shape.channels(); c++) {
            sum = sum.add(embedding(parameters.embeddings[c], images.select(1, c)));
        }
        return sum;
    }

    /**
     * One block.
     *
     * @param x residual stream
     * @param first token of it
     */
    Tensor block(int index, Tensor x, long first, Attention attention) {
        LaneParameters.Block block = parameters.blocks.get(index);
        Tensor normed = norm(x, block.attentionGain());
        Tensor queryKey = rotary.turn(linear(normed, rotary.sideBySide(block.queryKey())), first);
        Tensor value = linear(normed, block.value()).view(x.size(0), x.size(1), shape.heads(), shape.headWidth());
        Tensor middle = x.add(linear(attention.of(index, queryKey, value), block.out()));
        TensorVector gates = linear(norm(middle, block.gegluGain()), block.in()).chunk(2, -1);
        return middle.add(linear(gelu(gates.get(0), "tanh").mul(gates.get(1)), block.down()));
    }

    /** Every token attends to itself and those before it, the same in all blocks. */
    Tensor causal(int block, Tensor queryKey, Tensor value) {
        TensorVector both = queryKey.unbind(2);
        return attend(both.get(0).transpose(1, 2), both.get(1).transpose(1, 2), value.transpose(1, 2), true);
    }

    /** Attention of [images][heads][tokens][headWidth], merged to [images][tokens][width]. */
    Tensor attend(Tensor query, Tensor key, Tensor value, boolean causal) {
        return scaled_dot_product_attention(
                        query, key, value, new TensorOptional(), 0.0, causal, new DoubleOptional(), false)
                .transpose(1, 2)
                .reshape(query.size(0), query.size(2), shape.width());
    }

    /** What the first channel's head reads; further channels add {@link #headTable} of those before them. */
    Tensor headInput(Tensor x) {
        return norm(x, parameters.headGain);
    }

    /** Logits of a channel, [...][levels]. */
    Tensor logits(int channel, Tensor headInput) {
        return linear(headInput, parameters.heads[channel]);
    }

    /** What the values of a channel tell the heads of those after it. */
    Tensor headTable(int channel, Tensor values) {
        return embedding(parameters.headTables[channel], values);
    }

    /**
     * Loss in nats.
     *
     * @param x residual stream after the last block
     * @return the sum over pixels and channels, or that of each pixel's channels, [images * tokens]
     */
    Tensor loss(Tensor x, Tensor images, Reduction reduction) {
        Tensor input = headInput(x);
        Tensor total = ofChannel(0, input, images, reduction);
        for (int c = 1; c < shape.channels(); c++) {
            input = input.add(headTable(c - 1, images.select(1, c - 1)));
            total = total.add(ofChannel(c, input, images, reduction));
        }
        return total;
    }

    private Tensor ofChannel(int channel, Tensor input, Tensor images, Reduction reduction) {
        Tensor logits = logits(channel, input).view(-1, shape.levels());
        Tensor target = images.select(1, channel).reshape(-1);
        return cross_entropy_loss(logits, target, new TensorOptional(), reduction.code, IGNORED_CLASS, 0.0);
    }

    private Tensor norm(Tensor x, Tensor gain) {
        return normalised(x).mul(gain);
    }

    /** Divided by the root mean square over the last dimension. */
    static Tensor normalised(Tensor x) {
        Tensor meanSquare = x.square().mean(new long[] {-1}, true, new ScalarTypeOptional());
        Tensor scale = meanSquare.add(new Scalar(PixelEngine.NORM_EPSILON)).rsqrt();
        return x.mul(scale);
    }
}

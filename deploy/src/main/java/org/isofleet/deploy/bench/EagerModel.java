package org.isofleet.deploy.bench;

import static org.bytedeco.pytorch.global.torch.cat;
import static org.bytedeco.pytorch.global.torch.cos;
import static org.bytedeco.pytorch.global.torch.cross_entropy;
import static org.bytedeco.pytorch.global.torch.embedding;
import static org.bytedeco.pytorch.global.torch.gelu;
import static org.bytedeco.pytorch.global.torch.layer_norm;
import static org.bytedeco.pytorch.global.torch.linear;
import static org.bytedeco.pytorch.global.torch.ones;
import static org.bytedeco.pytorch.global.torch.randn;
import static org.bytedeco.pytorch.global.torch.scaled_dot_product_attention;
import static org.bytedeco.pytorch.global.torch.sin;
import static org.bytedeco.pytorch.global.torch.tensor;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.pytorch.DoubleOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.TensorVector;
import org.isofleet.protocol.study.ModelShape;

/**
 * The pixel model as a PyTorch user would write it: eager operators, autograd, one product for query, key and value, the
 * library's own fused attention, three heads. Its norm is the library's fused layer norm with a gain, which is faster there than the
 * root-mean-square norm spelled out in operators: the peer is given the benefit.
 */
final class EagerModel {
    private record Block(Tensor norm1, Tensor qkv, Tensor out, Tensor norm2, Tensor in, Tensor down) {}

    private final ModelShape shape;
    private final TensorVector parameters = new TensorVector();
    private final Tensor[] embeddings;
    private final Tensor start;
    private final List<Block> blocks = new ArrayList<>();
    private final Tensor finalNorm;
    private final Tensor[] heads;
    private final Tensor[] tables;
    private final Tensor cosine;
    private final Tensor sine;

    EagerModel(ModelShape shape) {
        this.shape = shape;
        int width = shape.width();
        embeddings = matrices(shape.channels(), shape.levels(), width);
        start = matrix(1, width);
        for (int i = 0; i < shape.layers(); i++) {
            blocks.add(new Block(
                    gain(width),
                    matrix(3 * width, width),
                    matrix(width, width),
                    gain(width),
                    matrix(2 * shape.hidden(), width),
                    matrix(width, shape.hidden())));
        }
        finalNorm = gain(width);
        heads = matrices(shape.channels(), shape.levels(), width);
        tables = matrices(shape.channels() - 1, shape.levels(), width);
        int half = shape.headWidth() / 2;
        float[] angles = new float[shape.tokens() * half];
        for (int t = 0; t < shape.tokens(); t++) {
            for (int i = 0; i < half; i++) {
                angles[t * half + i] = (float) (t * Math.pow(10_000, -(double) i / half));
            }
        }
        Tensor angle = tensor(angles).view(1, 1, shape.tokens(), half);
        cosine = cat(new TensorVector(cos(angle), cos(angle)), -1);
        sine = cat(new TensorVector(sin(angle), sin(angle)), -1);
    }

    TensorVector parameters() {
        return parameters;
    }

    /** Mean loss in nats a pixel of images given as long values [batch][channels][tokens]. */
    Tensor loss(Tensor images, int batch) {
        int width = shape.width();
        int tokens = shape.tokens();
        Tensor pixel = embedding(embeddings[0], images.select(1, 0));
        for (int c = 1; c < shape.channels(); c++) {
            pixel = pixel.add(embedding(embeddings[c], images.select(1, c)));
        }
        Tensor first = start.view(1, 1, width).expand(batch, 1, width);
        Tensor x = cat(new TensorVector(first, pixel.narrow(1, 0, tokens - 1)), 1);
        for (Block block : blocks) {
            x = x.add(attention(block, norm(x, block.norm1), batch));
            TensorVector parts = linear(norm(x, block.norm2), block.in).chunk(2, -1);
            x = x.add(linear(gelu(parts.get(0), "tanh").mul(parts.get(1)), block.down));
        }
        Tensor h = norm(x, finalNorm);
        Tensor total = null;
        for (int c = 0; c < shape.channels(); c++) {
            Tensor logits = linear(h, heads[c]).view((long) batch * tokens, shape.levels());
            Tensor target = images.select(1, c);
            Tensor loss = cross_entropy(logits, target.reshape((long) batch * tokens));
            total = total == null ? loss : total.add(loss);
            if (c + 1 < shape.channels()) {
                h = h.add(embedding(tables[c], target));
            }
        }
        if (total == null) {
            throw new IllegalStateException("a shape has at least one channel");
        }
        return total;
    }

    private Tensor attention(Block block, Tensor x, int batch) {
        TensorVector qkv = linear(x, block.qkv)
                .view(batch, shape.tokens(), 3L * shape.heads(), shape.headWidth())
                .transpose(1, 2)
                .chunk(3, 1);
        Tensor attended = scaled_dot_product_attention(
                rotate(qkv.get(0)),
                rotate(qkv.get(1)),
                qkv.get(2),
                new TensorOptional(),
                0.0,
                true,
                new DoubleOptional(),
                false);
        Tensor merged = attended.transpose(1, 2).reshape(batch, shape.tokens(), shape.width());
        return linear(merged, block.out);
    }

    private Tensor rotate(Tensor x) {
        TensorVector halves = x.chunk(2, -1);
        Tensor turned = cat(new TensorVector(halves.get(1).neg(), halves.get(0)), -1);
        return x.mul(cosine).add(turned.mul(sine));
    }

    private Tensor norm(Tensor x, Tensor gain) {
        return layer_norm(x, new long[] {shape.width()}, new TensorOptional(gain), new TensorOptional(), 1e-6, false);
    }

    private Tensor[] matrices(int count, int rows, int columns) {
        Tensor[] all = new Tensor[count];
        for (int i = 0; i < count; i++) {
            all[i] = matrix(rows, columns);
        }
        return all;
    }

    private Tensor matrix(int rows, int columns) {
        return parameter(randn(rows, columns).mul(new Scalar(0.02)));
    }

    private Tensor gain(int width) {
        return parameter(ones(width));
    }

    private Tensor parameter(Tensor value) {
        Tensor leaf = value.detach().set_requires_grad(true);
        parameters.push_back(leaf);
        return leaf;
    }
}

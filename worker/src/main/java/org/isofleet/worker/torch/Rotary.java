package org.isofleet.worker.torch;

import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.isofleet.protocol.study.ModelShape;
import org.isofleet.worker.engine.RotaryAngles;

/**
 * Turns queries and keys by one complex product. Its pairs lie side by side, where the model's layout has feature i of a head beside i +
 * headWidth / 2; so the rows of their weights are put in that order first, which is much less work. Scores do not change by it: both
 * sides of each dot product are reordered alike.
 */
final class Rotary implements AutoCloseable {
    private final int heads;
    private final int pairs;
    private final Tensor table;

    Rotary(ModelShape shape) {
        heads = shape.heads();
        pairs = shape.headWidth() / 2;
        float[] parts = new float[2 * shape.tokens() * pairs];
        for (int t = 0, i = 0; t < shape.tokens(); t++) {
            for (int p = 0; p < pairs; p++) {
                double angle = RotaryAngles.of(shape, p, t);
                parts[i++] = (float) StrictMath.cos(angle);
                parts[i++] = (float) StrictMath.sin(angle);
            }
        }
        try (Tensor real = Tensor.create(parts, shape.tokens(), 1, pairs, 2)) {
            table = torch.view_as_complex(real);
        }
    }

    /** The weights of queries and keys, [2 width][width], with pairs side by side. */
    Tensor sideBySide(Tensor queryKey) {
        long width = queryKey.size(1);
        return queryKey.view(2L * heads, 2, pairs, width).transpose(1, 2).reshape(2 * width, width);
    }

    /**
     * Turns the queries and keys of the tokens from {@code first} on.
     *
     * @param queryKey [images][tokens][2 width]
     * @return [images][tokens][2][heads][headWidth]
     */
    Tensor turn(Tensor queryKey, long first) {
        long images = queryKey.size(0);
        long tokens = queryKey.size(1);
        Tensor complex = torch.view_as_complex(queryKey.view(images, tokens, 2L * heads, pairs, 2));
        Tensor turned = complex.mul(table.narrow(0, first, tokens));
        return torch.view_as_real(turned).view(images, tokens, 2, heads, 2L * pairs);
    }

    @Override
    public void close() {
        table.close();
    }
}

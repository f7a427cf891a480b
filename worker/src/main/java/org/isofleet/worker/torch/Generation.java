package org.isofleet.worker.torch;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.isofleet.protocol.study.ModelShape;
import org.isofleet.worker.engine.PixelBatch;
import org.isofleet.worker.engine.SampleNumbers;

/**
 * Pixels one after the other, with the keys and values of earlier ones cached. Images go in groups of a fixed number, the last one filled
 * up, so that products have the same shape whatever the batch, lest an image's bits depend on its company. Values are drawn by
 * operators too, so nothing waits for a copy before the group is complete.
 */
final class Generation {
    /** Keys and values of a group of images; wider groups pay little. */
    private static final long CACHE_BYTES = 64L << 20;

    private static final int MOST_IMAGES = 32;
    private static final int TOKENS = 2;

    private record Cache(Tensor keys, Tensor values) {}

    private final ModelShape shape;
    private final TorchModel model;
    private final int group;
    private final Scalar inverseTemperature;
    private final List<Cache> caches = new ArrayList<>();

    /** To be made and used in one pointer scope. */
    Generation(ModelShape shape, TorchModel model, double temperature) {
        this.shape = shape;
        this.model = model;
        this.group = group(shape);
        this.inverseTemperature = new Scalar(1 / temperature);
        for (int b = 0; b < shape.layers(); b++) {
            caches.add(new Cache(cache(), cache()));
        }
    }

    private static int group(ModelShape shape) {
        long cacheOfImage = 2L * shape.layers() * shape.width() * shape.tokens() * Float.BYTES;
        return (int) Math.max(1, Math.min(MOST_IMAGES, CACHE_BYTES / cacheOfImage));
    }

    private Tensor cache() {
        return torch.zeros(group, shape.heads(), shape.tokens(), shape.headWidth());
    }

    /** Completes the images in place from token {@code given} on. */
    void run(PixelBatch images, int given, long[] keys) {
        for (int from = 0; from < images.images(); from += group) {
            int count = Math.min(group, images.images() - from);
            try (PointerScope scope = new PointerScope()) {
                Tensor pixels = HostCopies.images(images, from, group);
                complete(pixels, given, numbers(keys, from, count, given));
                HostCopies.putImages(pixels, images, from, count);
            }
        }
    }

    /** The random numbers of a group, [token][channel][image]. */
    private Tensor numbers(long[] keys, int from, int count, int given) {
        int tokens = shape.tokens() - given;
        double[] numbers = new double[tokens * shape.channels() * group];
        for (int t = 0; t < tokens; t++) {
            for (int c = 0; c < shape.channels(); c++) {
                long counter = (long) (given + t) * shape.channels() + c;
                for (int image = 0; image < count; image++) {
                    numbers[(t * shape.channels() + c) * group + image] =
                            SampleNumbers.uniform(keys[from + image], counter);
                }
            }
        }
        return Tensor.create(numbers, tokens, shape.channels(), group);
    }

    private void complete(Tensor pixels, int given, Tensor numbers) {
        if (given > 0) {
            try (PointerScope scope = new PointerScope()) {
                forward(model.embed(pixels, given), 0);
            }
        }
        for (int token = given; token < shape.tokens(); token++) {
            try (PointerScope scope = new PointerScope()) {
                Tensor x = token == 0 ? model.embed(pixels, 1) : model.pixels(pixels.narrow(TOKENS, token - 1, 1));
                draw(forward(x, token), pixels.select(TOKENS, token), numbers.select(0, token - given));
            }
        }
    }

    /** The residual stream of the tokens from {@code first} on, whose keys and values are left in the caches. */
    private Tensor forward(Tensor embedded, int first) {
        Tensor x = embedded;
        for (int b = 0; b < shape.layers(); b++) {
            x = model.block(b, x, first, (block, queryKey, value) -> attend(caches.get(block), first, queryKey, value));
        }
        return x;
    }

    private Tensor attend(Cache cache, int first, Tensor queryKey, Tensor value) {
        TensorVector both = queryKey.transpose(1, 3).unbind(2); // [images][heads][2][tokens][headWidth]
        long tokens = value.size(1);
        cache.keys().narrow(TOKENS, first, tokens).copy_(both.get(1));
        cache.values().narrow(TOKENS, first, tokens).copy_(value.transpose(1, 2));
        return model.attend(
                both.get(0),
                cache.keys().narrow(TOKENS, 0, first + tokens),
                cache.values().narrow(TOKENS, 0, first + tokens),
                first == 0);
    }

    /**
     * Draws a pixel of each image.
     *
     * @param x residual stream of one token
     * @param pixel where its values go, [images][channels]
     * @param numbers in [0, 1), [channels][images]
     */
    private void draw(Tensor x, Tensor pixel, Tensor numbers) {
        Tensor input = model.headInput(x.select(1, 0));
        for (int c = 0; c < shape.channels(); c++) {
            Tensor values = choose(model.logits(c, input), numbers.select(0, c));
            pixel.select(1, c).copy_(values);
            if (c + 1 < shape.channels()) {
                input = input.add(model.headTable(c, values));
            }
        }
    }

    /** The first value at which the summed probabilities exceed the random number. */
    private Tensor choose(Tensor logits, Tensor numbers) {
        ScalarTypeOptional exact = new ScalarTypeOptional(torch.ScalarType.Double);
        Tensor sums = logits.mul(inverseTemperature).softmax(-1).cumsum(-1, exact);
        Tensor drawn = numbers.unsqueeze(-1).mul(sums.narrow(-1, shape.levels() - 1, 1));
        return sums.le(drawn)
                .sum(new long[] {-1}, false, new ScalarTypeOptional())
                .clamp_max(new Scalar(shape.levels() - 1));
    }
}

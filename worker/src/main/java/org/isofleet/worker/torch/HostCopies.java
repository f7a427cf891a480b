package org.isofleet.worker.torch;

import java.util.Arrays;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.isofleet.worker.engine.PixelBatch;

/** Between Java's arrays and tensors. */
final class HostCopies {
    private HostCopies() {}

    /** Images as whole numbers, [count][channels][tokens]; those beyond the batch are zeros. */
    static Tensor images(PixelBatch batch, int from, int count) {
        int size = batch.channels() * batch.tokens();
        int there = Math.min(count, batch.images() - from);
        byte[] values =
                Arrays.copyOf(Arrays.copyOfRange(batch.values(), from * size, (from + there) * size), count * size);
        return Tensor.create(values, false, count, batch.channels(), batch.tokens())
                .to(torch.ScalarType.Long);
    }

    /** Puts the first images of a tensor as {@link #images} makes them in a batch. */
    static void putImages(Tensor images, PixelBatch batch, int from, int count) {
        Tensor bytes = images.to(torch.ScalarType.Byte).contiguous();
        int size = batch.channels() * batch.tokens();
        bytes.data_ptr_byte().get(batch.values(), from * size, count * size);
    }

    /** Fills an array from a contiguous tensor of doubles. */
    static void doubles(Tensor tensor, double[] target) {
        tensor.data_ptr_double().get(target);
    }

    /** Fills the rows of an array from a contiguous tensor of floats. */
    static void floats(Tensor tensor, float[][] target) {
        long at = 0;
        for (float[] row : target) {
            tensor.data_ptr_float().getPointer(at).get(row);
            at += row.length;
        }
    }
}

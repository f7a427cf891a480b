package org.isofleet.worker.evaluate;

import org.isofleet.worker.data.ImageSet;
import org.isofleet.worker.engine.PixelBatch;

/** Images of one split, evenly spread over it when fewer are wanted than there are. */
final class ImageSample {
    private final ImageSet images;
    private final ImageSet.Split split;
    private final int count;

    /** @param atMost 0 for all */
    ImageSample(ImageSet images, ImageSet.Split split, int atMost) {
        this.images = images;
        this.split = split;
        long all = images.count(split);
        this.count = Math.toIntExact(atMost == 0 ? all : Math.min(atMost, all));
    }

    int count() {
        return count;
    }

    ImageSet.Split split() {
        return split;
    }

    private long index(int i) {
        return i * images.count(split) / count;
    }

    int[] labels() {
        int[] labels = new int[count];
        for (int i = 0; i < count; i++) {
            labels[i] = images.label(split, index(i));
        }
        return labels;
    }

    /** The images {@code [from, to)}; numbers beyond the count begin again at 0. */
    PixelBatch batch(int from, int to) {
        int tokens = images.resolution() * images.resolution();
        int length = images.channels() * tokens;
        byte[] values = new byte[(to - from) * length];
        for (int i = from; i < to; i++) {
            images.read(split, index(i % count), values, (i - from) * length);
        }
        return new PixelBatch(to - from, images.channels(), tokens, values);
    }
}

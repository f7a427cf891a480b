package org.isofleet.worker.data;

import static org.isofleet.protocol.study.Requirement.require;

/**
 * The order in which images are seen: a keyed bijection of 0..n-1 for each epoch, so that "which image is at position p" is a
 * function and no state has to be kept, sent or recovered.
 *
 * <p>Position p lies in epoch p / n at place p % n. The place is cut into two halves of equal bits that go through a Feistel network
 * of {@value #ROUNDS} rounds; every round adds a keyed hash of one half to the other, which can be undone whatever the hash is, so the
 * network is a bijection of 0..4^h-1 for the least h with 4^h >= n. Where it leaves 0..n-1 it is applied again until it comes back
 * ("cycle walking", Black and Rogaway 2002): what remains is a bijection of 0..n-1. That takes less than four applications on average.
 * The key is hashed from seed and epoch, so every epoch has another order.
 *
 * <p>Immutable, safe for use by several threads.
 */
public final class SampleOrder {
    /** Four rounds make a pseudorandom permutation of a good round function (Luby and Rackoff 1988); two more for small domains. */
    static final int ROUNDS = 6;

    /** Keeps this use of a seed apart from others. */
    private static final long PURPOSE = 0x5341_4D50_4C45_0001L;

    private final long images;
    private final long seed;
    private final int halfBits;
    private final long halfMask;

    /**
     * An order of images.
     *
     * @param images n, at least 1
     * @param seed of the run
     */
    public SampleOrder(long images, long seed) {
        require(images >= 1, "a sample order needs at least one image");
        require(images <= 1L << 60, "a sample order takes at most 2^60 images, not %d", images);
        this.images = images;
        this.seed = seed;
        int bits = Long.SIZE - Long.numberOfLeadingZeros(images - 1);
        this.halfBits = Math.max(1, (bits + 1) / 2);
        this.halfMask = (1L << halfBits) - 1;
    }

    /** n, the length of an epoch. */
    public long images() {
        return images;
    }

    /**
     * The image at a position of the whole run.
     *
     * @param position from 0; for image i of step s it is {@code s * batch + i}
     * @return index of the image, 0 to n - 1
     */
    public long imageAt(long position) {
        if (position < 0) {
            throw new IndexOutOfBoundsException("position " + position);
        }
        long key = Hash64.mix(Hash64.mix(seed ^ PURPOSE) + Hash64.GOLDEN * (position / images));
        long place = position % images;
        do {
            place = permute(place, key);
        } while (place >= images);
        return place;
    }

    private long permute(long place, long key) {
        long left = place >>> halfBits;
        long right = place & halfMask;
        for (int round = 1; round <= ROUNDS; round++) {
            long mixed = left ^ (Hash64.mix(right ^ Hash64.mix(key + round * Hash64.GOLDEN)) & halfMask);
            left = right;
            right = mixed;
        }
        return left << halfBits | right;
    }
}

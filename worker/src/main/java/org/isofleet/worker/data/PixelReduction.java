package org.isofleet.worker.data;

import static org.isofleet.protocol.study.Requirement.require;

/**
 * Fewer channels or levels than are stored. Grey is the luma of ITU-R BT.601, 0.299 R + 0.587 G + 0.114 B, rounded; levels are cut by
 * a right shift, so that level k stands for the values from {@code k * 256 / levels} on.
 */
public final class PixelReduction {
    private final int pixels;
    private final int stored;
    private final int channels;
    private final int levels;
    private final int shift;

    /**
     * A reduction of images.
     *
     * @param pixels of an image
     * @param stored channels before
     * @param channels after: as many, or 1
     * @param levels after, a power of two
     */
    public PixelReduction(int pixels, int stored, int channels, int levels) {
        require(
                stored == channels || (stored == 3 && channels == 1),
                "images of %d channels cannot be read as %d",
                stored,
                channels);
        require(
                levels >= 2 && levels <= 256 && Integer.bitCount(levels) == 1,
                "levels must be a power of two from 2 to 256, not %d",
                levels);
        this.pixels = pixels;
        this.stored = stored;
        this.channels = channels;
        this.levels = levels;
        this.shift = 8 - Integer.numberOfTrailingZeros(levels);
    }

    int channels() {
        return channels;
    }

    int levels() {
        return levels;
    }

    /** Whether an image takes as many bytes after as before. */
    boolean inPlace() {
        return stored == channels;
    }

    /** Reduces an image from one place to another; both may be the same when {@link #inPlace}. */
    public void apply(byte[] source, int from, byte[] target, int to) {
        if (inPlace()) {
            if (shift > 0 || source != target) {
                for (int i = 0; i < channels * pixels; i++) {
                    target[to + i] = (byte) ((source[from + i] & 0xFF) >>> shift);
                }
            }
            return;
        }
        for (int i = 0; i < pixels; i++) {
            int red = source[from + i] & 0xFF;
            int green = source[from + pixels + i] & 0xFF;
            int blue = source[from + 2 * pixels + i] & 0xFF;
            target[to + i] = (byte) (((299 * red + 587 * green + 114 * blue + 500) / 1000) >>> shift);
        }
    }
}

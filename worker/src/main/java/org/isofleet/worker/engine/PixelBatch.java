package org.isofleet.worker.engine;

/**
 * Images as the engines take them: one byte a channel value, already reduced to the model's levels, laid out
 * [image][channel][row][column].
 *
 * @param images number of images
 * @param channels values per pixel
 * @param tokens pixels of an image
 * @param values {@code images * channels * tokens} bytes, unsigned; not copied
 */
@SuppressWarnings("ArrayRecordComponent") // a buffer of the hot path, compared by nobody
public record PixelBatch(int images, int channels, int tokens, byte[] values) {
    public PixelBatch {
        if (values.length < (long) images * channels * tokens) {
            throw new IllegalArgumentException(
                    values.length + " bytes do not hold " + images + " images of " + channels + " x " + tokens);
        }
    }
}

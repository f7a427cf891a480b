package org.isofleet.protocol.study;

import static org.isofleet.protocol.study.Requirement.require;

/**
 * The shape of a next-pixel Transformer and everything that is counted from it.
 *
 * <p>Decoder-only, pre-norm, rotary positions, GEGLU; one token per pixel in raster order. A pixel is {@code channels}
 * values below {@code levels}; the head predicts them one after the other, each given those before it.
 *
 * <p><b>N</b> ({@link #params}) counts the weights in matrix products, body and head. Lookup tables, the start vector and
 * norm gains are in {@link #allParams} only.
 *
 * @param resolution image side in pixels; an image has {@code resolution}² tokens
 * @param channels values per pixel: 3 (RGB) or 1 (grey)
 * @param levels distinct values of a channel, 2 to 256, a power of two
 * @param layers decoder blocks
 * @param width features of the residual stream
 * @param heads attention heads; {@code width / heads} is even
 * @param hidden features of the GEGLU product, each of which has a gate
 */
public record ModelShape(int resolution, int channels, int levels, int layers, int width, int heads, int hidden) {
    public ModelShape {
        require(resolution >= 1 && resolution <= 1024, "resolution must be 1 to 1024 pixels, not %d", resolution);
        require(channels == 1 || channels == 3, "channels must be 1 (grey) or 3 (RGB), not %d", channels);
        require(
                levels >= 2 && levels <= 256 && Integer.bitCount(levels) == 1,
                "levels must be a power of two from 2 to 256, not %d",
                levels);
        require(layers >= 1, "layers must be at least 1, not %d", layers);
        require(heads >= 1, "heads must be at least 1, not %d", heads);
        require(
                width >= 2 && width % heads == 0 && width / heads % 2 == 0,
                "width %d must split into %d heads of an even number of features",
                width,
                heads);
        require(hidden >= 1, "hidden must be at least 1, not %d", hidden);
    }

    /**
     * A shape with the usual GEGLU size: 8/3 of the width (Shazeer 2020, arXiv 2002.05202), down to a multiple of 16.
     * The rounding is our choice.
     */
    public static ModelShape of(int resolution, int channels, int levels, int layers, int width, int heads) {
        return new ModelShape(resolution, channels, levels, layers, width, heads, defaultHidden(width));
    }

    /** The GEGLU size of {@link #of}. */
    public static int defaultHidden(int width) {
        return Math.max(16, 8 * width / 3 / 16 * 16);
    }

    /** Tokens (pixels) of one image. */
    public int tokens() {
        return resolution * resolution;
    }

    /** Features of one attention head. */
    public int headWidth() {
        return width / heads;
    }

    /** Weights in the matrix products of the decoder blocks. */
    public long bodyParams() {
        return layers * (4L * width * width + 3L * width * hidden);
    }

    /** Weights in the matrix products of the head: one product a channel. */
    public long headParams() {
        return (long) channels * levels * width;
    }

    /** N: weights in matrix products, body and head. */
    public long params() {
        return bodyParams() + headParams();
    }

    /** Input embedding of every channel, the head's tables for all channels but the last, the start vector. */
    public long lookupParams() {
        return ((2L * channels - 1) * levels + 1) * width;
    }

    /** Norm gains: two a block and the final one. */
    public long gainParams() {
        return (2L * layers + 1) * width;
    }

    /** All trained parameters. */
    public long allParams() {
        return params() + lookupParams() + gainParams();
    }

    /** Whether the head holds more than half of N; such runs are left out of fits unless asked for. */
    public boolean headDominated() {
        return 2 * headParams() > params();
    }

    /** Training FLOPs of one token as 6 N, the count that the grid is laid on. */
    public double flops6nPerToken() {
        return 6.0 * params();
    }

    /**
     * Training FLOPs of one token, attention included: forward 2 N plus two products of the width over the mean causal
     * length (T + 1) / 2 a layer, backward twice that. Lookups, norms and recomputation are not counted.
     */
    public double exactFlopsPerToken() {
        double attention = 4.0 * width * layers * (tokens() + 1) / 2.0;
        return 3.0 * (2.0 * params() + attention);
    }
}

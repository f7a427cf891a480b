package org.isofleet.worker.onnx;

import java.util.Locale;

/**
 * Square planes to another side. Two filters, each as the code has it that published distances come from; they differ a lot: a filter that
 * does not widen when it shrinks an image skips most of its pixels (Parmar et al. 2022).
 */
enum Resize {
    /**
     * Cubic convolution (Keys 1981) with a = -1/2 over 8-bit values, as Pillow's {@code BICUBIC} has it: columns first, then rows; widened by
     * the factor of shrinking; weights in fixed point of 22 bits; rounded and cut to 0..255 after either pass.
     */
    BICUBIC {
        @Override
        float[] apply(float[] plane, int side, int newSide) {
            return side == newSide ? plane : new FixedPointCubic(side, newSide).resize(plane);
        }
    },
    /** Between the two nearest pixels each way, centres half a pixel in, never widened: PyTorch's {@code interpolate} without antialias. */
    BILINEAR {
        @Override
        float[] apply(float[] plane, int side, int newSide) {
            return side == newSide ? plane : bilinear(plane, side, newSide);
        }
    };

    /**
     * Resizes a plane.
     *
     * @param plane [row][column], whole numbers from 0 to 255
     * @return [row][column] of the new side
     */
    abstract float[] apply(float[] plane, int side, int newSide);

    /** As cards call it. */
    String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    private static float[] bilinear(float[] plane, int side, int newSide) {
        int[] low = new int[newSide];
        float[] share = new float[newSide];
        for (int i = 0; i < newSide; i++) {
            double at = Math.max(0, (i + 0.5) * side / newSide - 0.5);
            low[i] = Math.min((int) at, side - 1);
            share[i] = (float) (at - low[i]);
        }
        float[] resized = new float[newSide * newSide];
        for (int y = 0; y < newSide; y++) {
            int above = low[y] * side;
            int below = Math.min(low[y] + 1, side - 1) * side;
            for (int x = 0; x < newSide; x++) {
                int left = low[x];
                int right = Math.min(left + 1, side - 1);
                float upper = plane[above + left] + share[x] * (plane[above + right] - plane[above + left]);
                float lower = plane[below + left] + share[x] * (plane[below + right] - plane[below + left]);
                resized[y * newSide + x] = upper + share[y] * (lower - upper);
            }
        }
        return resized;
    }
}

package org.isofleet.worker.evaluate;

/**
 * Square images to another side, every new pixel the mean of the area it covers, in fractions of old pixels. Halving is the mean of four
 * pixels, doubling repeats each.
 */
final class SquareResize {
    private SquareResize() {}

    /** Resizes one plane of {@code side * side} values. */
    static float[] resize(float[] plane, int side, int newSide) {
        if (side == newSide) {
            return plane;
        }
        float[] resized = new float[newSide * newSide];
        for (int y = 0; y < newSide; y++) {
            for (int x = 0; x < newSide; x++) {
                resized[y * newSide + x] = area(plane, side, newSide, y, x);
            }
        }
        return resized;
    }

    /** In units of 1 / newSide of an old pixel, new pixel y covers [y * side, (y + 1) * side). */
    private static float area(float[] plane, int side, int newSide, int y, int x) {
        double sum = 0;
        for (int r = y * side / newSide; r * newSide < (y + 1) * side; r++) {
            int high = Math.min((y + 1) * side, (r + 1) * newSide) - Math.max(y * side, r * newSide);
            for (int c = x * side / newSide; c * newSide < (x + 1) * side; c++) {
                int wide = Math.min((x + 1) * side, (c + 1) * newSide) - Math.max(x * side, c * newSide);
                sum += (double) high * wide * plane[r * side + c];
            }
        }
        return (float) (sum / ((double) side * side));
    }
}

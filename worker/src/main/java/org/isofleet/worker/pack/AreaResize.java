package org.isofleet.worker.pack;

import java.util.Arrays;

/**
 * Cuts the square in the middle of an image, as long as its short side, and resizes it: every new pixel is the mean of the area that it
 * covers. That is the box filter of the 16, 32 and 64 pixel ImageNet archives (Chrabaszcz, Loshchilov, Hutter 2017, arXiv 1707.08819).
 * A square that is smaller than asked is enlarged by the same rule.
 *
 * <p>A source pixel is {@code side} units wide and a new pixel {@code square} units, so that all borders lie on whole units: sums are
 * integers and exact, and each value is rounded once, half up.
 */
final class AreaResize {
    private final int square;
    private final int side;

    /** For each new pixel along a line: its first and last source pixel, and the units of both that it covers. */
    private final int[] first;

    private final int[] last;
    private final int[] firstUnits;
    private final int[] lastUnits;

    private AreaResize(int square, int side) {
        this.square = square;
        this.side = side;
        this.first = new int[side];
        this.last = new int[side];
        this.firstUnits = new int[side];
        this.lastUnits = new int[side];
        for (int x = 0; x < side; x++) {
            long from = (long) x * square;
            long to = from + square;
            first[x] = (int) (from / side);
            last[x] = (int) ((to - 1) / side);
            firstUnits[x] = (int) (Math.min(to, (first[x] + 1L) * side) - from);
            lastUnits[x] = (int) (to - (long) last[x] * side);
        }
    }

    /**
     * Writes the resized square.
     *
     * @param target takes 3 x side x side values, [channel][row][column], from {@code offset} on
     */
    static void apply(Picture picture, int side, byte[] target, int offset) {
        AreaResize resize = new AreaResize(picture.shortSide(), side);
        for (int c = 0; c < Picture.CHANNELS; c++) {
            resize.channel(picture, c, target, offset + c * side * side);
        }
    }

    private void channel(Picture picture, int channel, byte[] target, int offset) {
        int left = (picture.width() - square) / 2;
        int top = (picture.height() - square) / 2;
        int start = (channel * picture.height() + top) * picture.width() + left;
        long area = (long) square * square;
        int[] row = new int[side];
        int summed = -1;
        long[] sums = new long[side];
        for (int y = 0; y < side; y++) {
            Arrays.fill(sums, 0);
            for (int r = first[y]; r <= last[y]; r++) {
                if (r != summed) {
                    sumRow(picture.values(), start + r * picture.width(), row);
                    summed = r;
                }
                long units = r == first[y] ? firstUnits[y] : r == last[y] ? lastUnits[y] : side;
                for (int x = 0; x < side; x++) {
                    sums[x] += units * row[x];
                }
            }
            for (int x = 0; x < side; x++) {
                target[offset + y * side + x] = (byte) ((2 * sums[x] + area) / (2 * area));
            }
        }
    }

    private void sumRow(byte[] values, int from, int[] row) {
        for (int x = 0; x < side; x++) {
            int sum = firstUnits[x] * (values[from + first[x]] & 0xFF);
            if (last[x] > first[x]) {
                int whole = 0;
                for (int c = first[x] + 1; c < last[x]; c++) {
                    whole += values[from + c] & 0xFF;
                }
                sum += side * whole + lastUnits[x] * (values[from + last[x]] & 0xFF);
            }
            row[x] = sum;
        }
    }
}

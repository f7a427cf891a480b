package org.isofleet.worker.dl4j;

import java.util.Arrays;
import org.isofleet.worker.engine.FlatVector;
import org.isofleet.worker.engine.PixelEngine;
import org.jspecify.annotations.Nullable;

/**
 * Elementwise work on off-heap matrices, staged: a tile of at most 1,024 floats is copied to heap arrays, looped over with {@link
 * Loops}, and copied back. Matrices are [features][tokens], so a reduction over features is elementwise over tokens: a tile holds as
 * many whole rows as fit, sums gather row-wise in an array of the tile's size, and {@link #foldSum} adds its rows at the end, in
 * an order that depends on the shape alone. Rows longer than a tile are walked in column chunks.
 *
 * <p>One object a thread.
 */
final class Staging {
    /** Floats of a tile: 4 KiB, so that the five arrays of the longest loop stay in the first-level cache. */
    static final int TILE = 1024;

    final float[] a = new float[TILE];
    final float[] b = new float[TILE];
    final float[] c = new float[TILE];
    final float[] d = new float[TILE];
    final float[] e = new float[TILE];
    private final float[] sum = new float[TILE];
    private final float[] folded = new float[TILE];

    /** Rows of {@code columns} floats that a tile holds whole; 1 when it holds none. */
    static int rowsOfTile(int columns) {
        return Math.max(1, TILE / columns);
    }

    /** RMS norm without gain: {@code normed = x / rms(x)} for each column; {@code scale[column] = 1 / rms}. */
    void norm(FlatVector x, int rows, int columns, FlatVector normed, float[] scale) {
        int step = rowsOfTile(columns);
        for (int from = 0; from < columns; from += TILE) {
            int width = Math.min(TILE, columns - from);
            Arrays.fill(sum, 0, step * width, 0f);
            for (int row = 0; row < rows; row += step) {
                int n = Math.min(step, rows - row) * width;
                x.read((long) row * columns + from, a, 0, n);
                Loops.addProduct(sum, a, a, n);
            }
            foldSum(sum, step, width);
            Loops.inverseRoot(sum, 1f / rows, PixelEngine.NORM_EPSILON, width);
            System.arraycopy(sum, 0, scale, from, width);
            spread(sum, width, step);
            for (int row = 0; row < rows; row += step) {
                int n = Math.min(step, rows - row) * width;
                long at = (long) row * columns + from;
                x.read(at, a, 0, n);
                Loops.multiply(a, sum, n);
                normed.write(at, a, 0, n);
            }
        }
    }

    /** Adds the gradient of {@link #norm}'s input to {@code dx}, given that of its output. */
    void normGradient(FlatVector dNormed, FlatVector normed, float[] scale, int rows, int columns, FlatVector dx) {
        int step = rowsOfTile(columns);
        for (int from = 0; from < columns; from += TILE) {
            int width = Math.min(TILE, columns - from);
            Arrays.fill(sum, 0, step * width, 0f);
            for (int row = 0; row < rows; row += step) {
                int n = Math.min(step, rows - row) * width;
                long at = (long) row * columns + from;
                dNormed.read(at, a, 0, n);
                normed.read(at, b, 0, n);
                Loops.addProduct(sum, a, b, n);
            }
            foldSum(sum, step, width);
            Loops.scale(sum, 1f / rows, width);
            spread(sum, width, step);
            System.arraycopy(scale, from, e, 0, width);
            spread(e, width, step);
            for (int row = 0; row < rows; row += step) {
                int n = Math.min(step, rows - row) * width;
                long at = (long) row * columns + from;
                dNormed.read(at, a, 0, n);
                normed.read(at, b, 0, n);
                dx.read(at, c, 0, n);
                Loops.addNormGradient(c, a, b, e, sum, n);
                dx.write(at, c, 0, n);
            }
        }
    }

    /**
     * Softmax over the rows of each column, without the division: elements become {@code e^(s - max)}.
     *
     * @param s the matrix, from element {@code at} on
     * @param mask tiles added to the rows from {@code maskFrom} on, null for none; only where a tile holds whole rows
     * @param max receives the columns' maxima
     * @param sums receives the columns' sums
     */
    void softmax(
            FlatVector s,
            long at,
            int rows,
            int columns,
            float @Nullable [][] mask,
            int maskFrom,
            float[] max,
            float[] sums) {
        int step = rowsOfTile(columns);
        int plain = mask == null ? rows : maskFrom;
        for (int from = 0; from < columns; from += TILE) {
            int width = Math.min(TILE, columns - from);
            Arrays.fill(sum, 0, step * width, -Float.MAX_VALUE);
            for (int row = 0; row < plain; row += step) {
                int n = Math.min(step, plain - row) * width;
                s.read(at + (long) row * columns + from, a, 0, n);
                Loops.max(sum, a, n);
            }
            for (int row = plain, tile = 0; mask != null && row < rows; row += step, tile++) {
                int n = Math.min(step, rows - row) * width;
                s.read(at + (long) row * columns + from, a, 0, n);
                Loops.add(a, mask[tile], n);
                Loops.max(sum, a, n);
            }
            foldMax(sum, step, width);
            System.arraycopy(sum, 0, max, from, width);
            System.arraycopy(sum, 0, e, 0, width);
            spread(e, width, step);
            Arrays.fill(sum, 0, step * width, 0f);
            for (int row = 0; row < plain; row += step) {
                int n = Math.min(step, plain - row) * width;
                exponentials(s, at + (long) row * columns + from, n, null);
            }
            for (int row = plain, tile = 0; mask != null && row < rows; row += step, tile++) {
                int n = Math.min(step, rows - row) * width;
                exponentials(s, at + (long) row * columns + from, n, mask[tile]);
            }
            foldSum(sum, step, width);
            System.arraycopy(sum, 0, sums, from, width);
        }
    }

    private void exponentials(FlatVector s, long at, int n, float @Nullable [] mask) {
        s.read(at, a, 0, n);
        if (mask != null) {
            Loops.add(a, mask, n);
        }
        Loops.expMinus(a, e, n);
        Loops.add(sum, a, n);
        s.write(at, a, 0, n);
    }

    /** The gradient of scores in place of that of probabilities: {@code dp = p (dp - dot[column])}; columns fit a tile. */
    void softmaxGradient(FlatVector dp, FlatVector p, long pAt, int rows, int columns, float[] dot, int dotAt) {
        int step = rowsOfTile(columns);
        System.arraycopy(dot, dotAt, e, 0, columns);
        spread(e, columns, step);
        for (int row = 0; row < rows; row += step) {
            int n = Math.min(step, rows - row) * columns;
            long at = (long) row * columns;
            dp.read(at, a, 0, n);
            p.read(pAt + at, b, 0, n);
            Loops.softmaxGradient(a, b, e, n);
            dp.write(at, a, 0, n);
        }
    }

    /** Multiplies each column by its factor. */
    void scaleColumns(FlatVector x, long at, int rows, int columns, float[] factor) {
        int step = rowsOfTile(columns);
        for (int from = 0; from < columns; from += TILE) {
            int width = Math.min(TILE, columns - from);
            System.arraycopy(factor, from, e, 0, width);
            spread(e, width, step);
            for (int row = 0; row < rows; row += step) {
                int n = Math.min(step, rows - row) * width;
                long tile = at + (long) row * columns + from;
                x.read(tile, a, 0, n);
                Loops.multiply(a, e, n);
                x.write(tile, a, 0, n);
            }
        }
    }

    /** Multiplies each column of x by its factor, and gives the columns' dot products with y. */
    void scaleColumnsAndDot(FlatVector x, FlatVector y, long at, int rows, int columns, float[] factor, float[] dot) {
        int step = rowsOfTile(columns);
        for (int from = 0; from < columns; from += TILE) {
            int width = Math.min(TILE, columns - from);
            System.arraycopy(factor, from, e, 0, width);
            spread(e, width, step);
            Arrays.fill(sum, 0, step * width, 0f);
            for (int row = 0; row < rows; row += step) {
                int n = Math.min(step, rows - row) * width;
                long tile = at + (long) row * columns + from;
                x.read(tile, a, 0, n);
                y.read(tile, b, 0, n);
                Loops.multiply(a, e, n);
                Loops.addProduct(sum, a, b, n);
                x.write(tile, a, 0, n);
            }
            foldSum(sum, step, width);
            System.arraycopy(sum, 0, dot, from, width);
        }
    }

    /** Adds the rows of a tile into its first. */
    void foldSum(float[] s, int rows, int width) {
        for (int left = rows; left > 1; left = (left + 1) / 2) {
            int half = (left + 1) / 2;
            int n = (left - half) * width;
            System.arraycopy(s, half * width, folded, 0, n);
            Loops.add(s, folded, n);
        }
    }

    private void foldMax(float[] s, int rows, int width) {
        for (int left = rows; left > 1; left = (left + 1) / 2) {
            int half = (left + 1) / 2;
            int n = (left - half) * width;
            System.arraycopy(s, half * width, folded, 0, n);
            Loops.max(s, folded, n);
        }
    }

    /** Repeats the first row of a tile in all its rows. */
    static void spread(float[] s, int width, int rows) {
        int filled = width;
        int all = width * rows;
        while (filled < all) {
            int n = Math.min(filled, all - filled);
            System.arraycopy(s, 0, s, filled, n);
            filled += n;
        }
    }
}

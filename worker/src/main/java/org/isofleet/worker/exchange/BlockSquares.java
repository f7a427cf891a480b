package org.isofleet.worker.exchange;

/**
 * The squares of a gradient, summed in double precision within the blocks of {@link Slices}, and the blocks along a fixed binary tree: its
 * norm has the same bits whoever summed which block.
 */
public final class BlockSquares {
    private final double[] sums;
    private final double[] tree;

    /** For a vector of that many floats. */
    public BlockSquares(long length) {
        this.sums = new double[Math.toIntExact((length + Slices.BLOCK - 1) / Slices.BLOCK)];
        this.tree = new double[sums.length];
    }

    /** Takes in a tile of a block; those of a block must come in order. */
    public void take(long at, float[] tile, int count) {
        int block = (int) (at / Slices.BLOCK);
        double before = at % Slices.BLOCK == 0 ? 0 : sums[block];
        sums[block] = before + squares(tile, count);
    }

    /** The sum of a block. */
    double get(int block) {
        return sums[block];
    }

    void set(int block, double sum) {
        sums[block] = sum;
    }

    /** The root of the sum over all blocks. */
    public double norm() {
        System.arraycopy(sums, 0, tree, 0, sums.length);
        for (int stride = 1; stride < tree.length; stride *= 2) {
            for (int i = 0; i + stride < tree.length; i += 2 * stride) {
                tree[i] += tree[i + stride];
            }
        }
        return Math.sqrt(tree[0]);
    }

    /** Four sums side by side: one alone would wait for each addition. */
    private static double squares(float[] x, int count) {
        double a = 0;
        double b = 0;
        double c = 0;
        double d = 0;
        int i = 0;
        for (; i + 3 < count; i += 4) {
            a += (double) x[i] * x[i];
            b += (double) x[i + 1] * x[i + 1];
            c += (double) x[i + 2] * x[i + 2];
            d += (double) x[i + 3] * x[i + 3];
        }
        for (; i < count; i++) {
            a += (double) x[i] * x[i];
        }
        return (a + b) + (c + d);
    }
}

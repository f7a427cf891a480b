package org.isofleet.worker.train;

import org.isofleet.worker.engine.FlatVector;
import org.isofleet.worker.exchange.TileSum;

/**
 * The global norm of a gradient: squares are summed in double precision within fixed blocks, the blocks along a fixed binary tree,
 * so every member of every group gets the same bits.
 */
final class GradientNorm {
    private final Blocks blocks;
    private final Lanes lanes;
    private final double[] squares;
    private final float[][] tiles;

    GradientNorm(long length, Lanes lanes) {
        this.blocks = new Blocks(length);
        this.lanes = lanes;
        this.squares = new double[blocks.count()];
        this.tiles = new float[lanes.count()][TileSum.TILE];
    }

    /** The root of the sum of squares. */
    double of(FlatVector gradient) {
        blocks.forEach(lanes, (lane, first, end) -> {
            for (int block = first; block < end; block++) {
                squares[block] = block(gradient, block, tiles[lane]);
            }
        });
        for (int stride = 1; stride < squares.length; stride *= 2) {
            for (int i = 0; i + stride < squares.length; i += 2 * stride) {
                squares[i] += squares[i + stride];
            }
        }
        return Math.sqrt(squares[0]);
    }

    private double block(FlatVector gradient, int block, float[] tile) {
        double sum = 0;
        for (long at = blocks.start(block); at < blocks.end(block); at += tile.length) {
            int count = (int) Math.min(tile.length, blocks.end(block) - at);
            gradient.read(at, tile, 0, count);
            sum += squares(tile, count);
        }
        return sum;
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

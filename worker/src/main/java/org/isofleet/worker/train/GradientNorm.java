package org.isofleet.worker.train;

import org.isofleet.worker.engine.FlatVector;
import org.isofleet.worker.exchange.BlockSquares;
import org.isofleet.worker.exchange.TileSum;

/** The norm of a gradient that one member summed alone, in a pass over memory; in a group the exchange takes the squares while it adds. */
final class GradientNorm {
    private final Blocks blocks;
    private final Lanes lanes;
    private final BlockSquares squares;
    private final float[][] tiles;

    GradientNorm(long length, Lanes lanes) {
        this.blocks = new Blocks(length);
        this.lanes = lanes;
        this.squares = new BlockSquares(length);
        this.tiles = new float[lanes.count()][TileSum.TILE];
    }

    double of(FlatVector gradient) {
        blocks.forEach(lanes, (lane, first, end) -> {
            float[] tile = tiles[lane];
            for (long at = blocks.start(first); at < blocks.end(end - 1); at += tile.length) {
                int count = (int) Math.min(tile.length, blocks.end(end - 1) - at);
                gradient.read(at, tile, 0, count);
                squares.take(at, tile, count);
            }
        });
        return squares.norm();
    }
}

package org.isofleet.worker.exchange;

import java.util.List;
import org.isofleet.worker.engine.FlatVector;

/**
 * Does the additions of a {@link SumPlan} on whole vectors, a tile of {@value #TILE} floats at a time: the tiles of all inputs are
 * copied to the heap, added there in loops that vectorize, and only what remains is written back. Not safe for use by several
 * threads; each takes one of its own and its own range.
 */
public final class TileSum {
    /** Floats of a tile. */
    public static final int TILE = 1024;

    private final SumPlan plan;
    private final float[][] tiles;
    private final boolean[] changed;

    /** For a plan over {@code inputs} vectors. */
    public TileSum(SumPlan plan, int inputs) {
        this.plan = plan;
        this.tiles = new float[inputs][TILE];
        this.changed = new boolean[inputs];
        plan.additions().forEach(a -> changed[a.into()] = true);
    }

    /**
     * Adds the elements {@code from} to {@code to - 1} of the inputs in place.
     *
     * @param inputs vectors, or slices of vectors
     */
    public void sum(List<Slice> inputs, long from, long to) {
        for (long at = from; at < to; at += TILE) {
            int count = (int) Math.min(TILE, to - at);
            addTile(inputs, at, count);
            for (SumPlan.Remainder remainder : plan.remaining()) {
                if (changed[remainder.input()]) {
                    inputs.get(remainder.input()).write(at, tiles[remainder.input()], count);
                }
            }
        }
    }

    /**
     * Adds the elements {@code from} to {@code to - 1} of the inputs into {@code target}, and takes their squares; one sum must remain,
     * and {@code from} begin a block.
     */
    public void sumInto(List<Slice> inputs, long from, long to, FlatVector target, BlockSquares squares) {
        float[] sum = tiles[plan.remaining().get(0).input()];
        for (long at = from; at < to; at += TILE) {
            int count = (int) Math.min(TILE, to - at);
            addTile(inputs, at, count);
            target.write(at, sum, 0, count);
            squares.take(at, sum, count);
        }
    }

    private void addTile(List<Slice> inputs, long at, int count) {
        for (int i = 0; i < tiles.length; i++) {
            inputs.get(i).read(at, tiles[i], count);
        }
        for (SumPlan.Addition addition : plan.additions()) {
            add(tiles[addition.into()], tiles[addition.from()], count);
        }
    }

    private static void add(float[] into, float[] from, int count) {
        for (int i = 0; i < count; i++) {
            into[i] += from[i];
        }
    }

    /**
     * A vector seen from an element on.
     *
     * @param vector the memory
     * @param base element of the vector that counts as 0
     */
    public record Slice(FlatVector vector, long base) {
        void read(long at, float[] target, int count) {
            vector.read(base + at, target, 0, count);
        }

        void write(long at, float[] source, int count) {
            vector.write(base + at, source, 0, count);
        }
    }
}

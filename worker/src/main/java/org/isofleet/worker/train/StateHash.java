package org.isofleet.worker.train;

import org.isofleet.worker.checkpoint.SampleLedger;
import org.isofleet.worker.checkpoint.Snapshot;
import org.isofleet.worker.engine.FlatVector;
import org.isofleet.worker.exchange.TileSum;

/**
 * A 64-bit hash of parameters and optimizer moments, cheap enough to be taken every step.
 *
 * <p>Within a block of {@value Blocks#SIZE} floats, 1,024 32-bit sums run side by side, one for each place in a tile, so the loop
 * vectorizes; each takes in a float's bits by xor, shift and a multiplication by an odd number, which is a bijection: a single wrong bit
 * always reaches the end. They are folded to 64 bits, mixed with the block's number, and blocks are added mod 2^64: hashes of parts
 * combine by addition, in any order. Not cryptographic; checkpoints carry SHA-256.
 */
final class StateHash {
    /** The odd number nearest 2^32 over the golden ratio. */
    private static final int ODD = 0x9E3779B1;

    private static final long GOLDEN = 0x9E3779B97F4A7C15L;

    private final int[] sums = new int[TileSum.TILE];
    private final int[] p = new int[TileSum.TILE];
    private final int[] m = new int[TileSum.TILE];
    private final int[] v = new int[TileSum.TILE];

    /** Starts a block. */
    void begin() {
        for (int i = 0; i < sums.length; i++) {
            sums[i] = i * ODD + 1;
        }
    }

    /** Takes in a tile of parameters and moments, as their memory is now. */
    void take(FlatVector parameters, FlatVector first, FlatVector second, long from, int count) {
        parameters.readBits(from, p, 0, count);
        first.readBits(from, m, 0, count);
        second.readBits(from, v, 0, count);
        for (int i = 0; i < count; i++) {
            int x = sums[i] ^ p[i];
            x = (x ^ (x >>> 15)) * ODD ^ m[i];
            x = (x ^ (x >>> 15)) * ODD ^ v[i];
            sums[i] = (x ^ (x >>> 15)) * ODD;
        }
    }

    /** Takes in a tile of one vector. */
    private void take(FlatVector vector, long from, int count) {
        vector.readBits(from, p, 0, count);
        for (int i = 0; i < count; i++) {
            int x = sums[i] ^ p[i];
            sums[i] = (x ^ (x >>> 15)) * ODD;
        }
    }

    /** Hash of the elements {@code from} to {@code end - 1} of one vector. */
    long of(FlatVector vector, long from, long end) {
        begin();
        for (long at = from; at < end; at += TileSum.TILE) {
            take(vector, at, (int) Math.min(TileSum.TILE, end - at));
        }
        return end(0);
    }

    /** Ends a block: its share of the hash. */
    long end(int block) {
        long a = 1;
        long b = 2;
        long c = 3;
        long d = 4;
        for (int i = 0; i < sums.length; i += 8) {
            a = fold(a, sums[i], sums[i + 1]);
            b = fold(b, sums[i + 2], sums[i + 3]);
            c = fold(c, sums[i + 4], sums[i + 5]);
            d = fold(d, sums[i + 6], sums[i + 7]);
        }
        return mix(mix(mix(mix(a) + b) + c) + d + GOLDEN * (block + 1L));
    }

    private static long fold(long hash, int high, int low) {
        long x = (hash ^ (((long) high << 32) | (low & 0xFFFF_FFFFL))) * GOLDEN;
        return x ^ (x >>> 32);
    }

    /** The finalizer of SplitMix64 (Stafford's variant 13). */
    static long mix(long value) {
        long z = value;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }

    /** The hash of a state from the sum over its blocks, its step and its ledger. */
    static long whole(long blocks, long step, SampleLedger ledger) {
        return mix(mix(mix(blocks + step * GOLDEN) + ledger.images()) + ledger.sum());
    }

    /** Sum over all blocks of a state, in a pass of its own. */
    static long blocksOf(FlatVector parameters, FlatVector first, FlatVector second, Lanes lanes) {
        Blocks blocks = new Blocks(parameters.length());
        long[] hashes = new long[lanes.count()];
        blocks.forEach(
                lanes,
                (lane, from, to) ->
                        hashes[lane] = new StateHash().ofBlocks(blocks, from, to, parameters, first, second));
        long sum = 0;
        for (long part : hashes) {
            sum += part;
        }
        return sum;
    }

    /** Whether a copy of a state has the bits of the state. */
    static boolean isOf(Snapshot copy) {
        Blocks blocks = new Blocks(copy.parameters().length());
        long sum = new StateHash().ofBlocks(blocks, 0, blocks.count(), copy.parameters(), copy.first(), copy.second());
        return whole(sum, copy.step(), copy.ledger()) == copy.stateHash();
    }

    /** Hashes some blocks in a pass of its own, for states that did not come out of an optimizer step. */
    long ofBlocks(Blocks blocks, int from, int to, FlatVector parameters, FlatVector first, FlatVector second) {
        long hash = 0;
        for (int block = from; block < to; block++) {
            begin();
            for (long at = blocks.start(block); at < blocks.end(block); at += TileSum.TILE) {
                int count = (int) Math.min(TileSum.TILE, blocks.end(block) - at);
                take(parameters, first, second, at, count);
            }
            hash += end(block);
        }
        return hash;
    }
}

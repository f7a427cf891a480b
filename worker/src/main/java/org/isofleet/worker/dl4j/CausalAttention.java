package org.isofleet.worker.dl4j;

import org.isofleet.protocol.study.ModelShape;
import org.isofleet.worker.dl4j.Workspace.Slot;
import org.isofleet.worker.engine.FlatVector;

/**
 * Causal attention of one image, in blocks of 64 queries over the keys up to the block's last: three products with a softmax between
 * them forward, four back, so that only the causal half and a strip of the diagonal is computed. Scores are [keys][queries]: the softmax
 * reduces over rows, elementwise over contiguous queries.
 *
 * <p>The division by the softmax's sum is moved from the probabilities p to the output o, and back again by scaling the output's
 * gradient g: with {@code p = e / s}, {@code g' = g / s}, the value's gradient is {@code g' e^T}, and the score's is {@code e (v^T g' -
 * g' . o)}.
 */
final class CausalAttention {
    /** Queries of a block. */
    static final int QUERIES = 64;

    /** Added to the score of a later token: far below any score, so that its exponential is exactly 0. */
    private static final float MASKED = -1e30f;

    private final int tokens;
    private final int width;
    private final int heads;
    private final int headWidth;
    private final RotaryTable rotary;
    private final float[][] mask;
    private final float[][] lastMask;

    CausalAttention(ModelShape shape) {
        this.tokens = shape.tokens();
        this.width = shape.width();
        this.heads = shape.heads();
        this.headWidth = shape.headWidth();
        this.rotary = new RotaryTable(shape);
        this.mask = mask(QUERIES);
        this.lastMask = mask(tokens % QUERIES);
    }

    /** Floats of the scores of one head, all blocks. */
    static long scoresOfHead(int tokens) {
        long scores = 0;
        for (int from = 0; from < tokens; from += QUERIES) {
            int queries = Math.min(QUERIES, tokens - from);
            scores += (long) (from + queries) * queries;
        }
        return scores;
    }

    RotaryTable rotary() {
        return rotary;
    }

    /** From the slot's queries, keys and values (which it turns in place) to its output, [width][tokens]. */
    void forward(Workspace w, Slot slot) {
        for (int head = 0; head < heads; head++) {
            long at = (long) head * headWidth * tokens;
            rotary.turnQueries(w.staging, slot.qkv, at, false);
            rotary.turnKeys(w.staging, slot.qkv, keysAt(head), false);
            long scoresAt = head * scoresOfHead(tokens);
            for (int from = 0; from < tokens; from += QUERIES) {
                int queries = Math.min(QUERIES, tokens - from);
                FlatVector p = slot.probabilities == null ? w.blockProbabilities : slot.probabilities;
                long pAt = slot.probabilities == null ? 0 : scoresAt;
                exponentials(w, slot, head, from, queries, p, pAt);
                Loops.inverse(w.columnSum, queries);
                System.arraycopy(w.columnSum, 0, slot.inverseSums[head], from, queries);
                w.gemm.nn(
                        headWidth,
                        queries,
                        from + queries,
                        slot.qkv.address(valuesAt(head)),
                        tokens,
                        p.address(pAt),
                        queries,
                        0f,
                        slot.attended.address(at + from),
                        tokens);
                scoresAt += (long) (from + queries) * queries;
            }
            w.staging.scaleColumns(slot.attended, at, headWidth, tokens, slot.inverseSums[head]);
        }
    }

    /** From the gradient of the output (which it scales in place) to that of queries, keys and values before turning. */
    void backward(Workspace w, Slot slot) {
        for (int head = 0; head < heads; head++) {
            long at = (long) head * headWidth * tokens;
            w.staging.scaleColumnsAndDot(
                    w.attendedGradient, slot.attended, at, headWidth, tokens, slot.inverseSums[head], w.columnDot);
            long scoresAt = (head + 1) * scoresOfHead(tokens);
            // From the last block on: it reaches all keys, so it may overwrite and nothing need be cleared.
            for (int from = (tokens - 1) / QUERIES * QUERIES; from >= 0; from -= QUERIES) {
                int queries = Math.min(QUERIES, tokens - from);
                scoresAt -= (long) (from + queries) * queries;
                blockBackward(w, slot, head, from, queries, scoresAt);
            }
            rotary.turnQueries(w.staging, w.qkvGradient, at, true);
            rotary.turnKeys(w.staging, w.qkvGradient, keysAt(head), true);
        }
    }

    private void blockBackward(Workspace w, Slot slot, int head, int from, int queries, long scoresAt) {
        int keys = from + queries;
        FlatVector p = slot.probabilities == null ? w.blockProbabilities : slot.probabilities;
        long pAt = slot.probabilities == null ? 0 : scoresAt;
        if (slot.probabilities == null) {
            exponentials(w, slot, head, from, queries, p, pAt);
        }
        float beta = keys == tokens ? 0f : 1f;
        long outGradient = w.attendedGradient.address((long) head * headWidth * tokens + from);
        long queriesAddress = (long) head * headWidth * tokens + from;
        Gemm g = w.gemm;
        g.nt(
                headWidth,
                keys,
                queries,
                outGradient,
                tokens,
                p.address(pAt),
                queries,
                beta,
                w.qkvGradient.address(valuesAt(head)),
                tokens);
        g.tn(
                keys,
                queries,
                headWidth,
                slot.qkv.address(valuesAt(head)),
                tokens,
                outGradient,
                tokens,
                0f,
                w.blockGradient.address(0),
                queries);
        w.staging.softmaxGradient(w.blockGradient, p, pAt, keys, queries, w.columnDot, from);
        g.nn(
                headWidth,
                queries,
                keys,
                slot.qkv.address(keysAt(head)),
                tokens,
                w.blockGradient.address(0),
                queries,
                0f,
                w.qkvGradient.address(queriesAddress),
                tokens);
        g.nt(
                headWidth,
                keys,
                queries,
                slot.qkv.address(queriesAddress),
                tokens,
                w.blockGradient.address(0),
                queries,
                beta,
                w.qkvGradient.address(keysAt(head)),
                tokens);
    }

    /** Exponentials of the scores of one block, [keys][queries]; leaves the columns' sums in the workspace. */
    private void exponentials(Workspace w, Slot slot, int head, int from, int queries, FlatVector p, long pAt) {
        int keys = from + queries;
        w.gemm.tn(
                keys,
                queries,
                headWidth,
                slot.qkv.address(keysAt(head)),
                tokens,
                slot.qkv.address((long) head * headWidth * tokens + from),
                tokens,
                0f,
                p.address(pAt),
                queries);
        w.staging.softmax(p, pAt, keys, queries, queries == QUERIES ? mask : lastMask, from, w.columnMax, w.columnSum);
    }

    private long keysAt(int head) {
        return (long) (width + head * headWidth) * tokens;
    }

    private long valuesAt(int head) {
        return (long) (2 * width + head * headWidth) * tokens;
    }

    /** Tiles of the square block on the diagonal: masked where the key (row) is later than the query (column). */
    private static float[][] mask(int queries) {
        if (queries == 0) {
            return new float[0][];
        }
        int step = Staging.rowsOfTile(queries);
        float[][] tiles = new float[(queries + step - 1) / step][step * queries];
        for (int key = 0; key < queries; key++) {
            for (int query = 0; query < key; query++) {
                tiles[key / step][key % step * queries + query] = MASKED;
            }
        }
        return tiles;
    }
}

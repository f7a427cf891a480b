package org.isofleet.worker.dl4j;

import org.isofleet.protocol.study.MemoryEstimate;
import org.isofleet.protocol.study.ModelShape;
import org.isofleet.worker.engine.FlatVector;
import org.jspecify.annotations.Nullable;

/**
 * The memory of one lane: what one image needs on its way forward and back, allocated once. Matrices are [features][tokens].
 * Images go through one after the other, so its size does not depend on the batch.
 */
final class Workspace implements AutoCloseable {
    private final Arena arena = new Arena();

    final ModelShape shape;
    final Gemm gemm = new Gemm();
    final Staging staging = new Staging();

    /** The image: [channel][token]. */
    final int[][] pixels;

    /** Residual stream, [width][tokens]; each layer adds to it in place. */
    final FlatVector residual;

    /** Gradient of the residual stream. */
    final FlatVector residualGradient;

    /** What each block keeps for the way back. */
    final Slot[] slots;

    /** Gradient of what a norm put out, [width][tokens]. */
    final FlatVector normedGradient;

    /** Gradient of queries, keys and values, [3 width][tokens]. */
    final FlatVector qkvGradient;

    /** Gradient of what the heads put out, [width][tokens]. */
    final FlatVector attendedGradient;

    /** Gradient of gates and values, [2 hidden][tokens]. */
    final FlatVector gatesGradient;

    /** Gradient of the GEGLU product, [hidden][tokens]. */
    final FlatVector gatedGradient;

    /** Probabilities of one block of queries, [tokens][queries]; used where they are not kept. */
    final FlatVector blockProbabilities;

    /** Their gradient. */
    final FlatVector blockGradient;

    /** The head's input for each channel, [channels][width][tokens]. */
    final FlatVector[] headInputs;

    /** The final norm's output. */
    final FlatVector headNormed;

    /** Logits, then their gradient, of one channel, [levels][tokens]. */
    final FlatVector logits;

    /** One number a token. */
    final float[] headScale;

    final float[] columnMax;
    final float[] columnSum;
    final float[] columnDot;

    /** Gradients of lookup tables, feature-major so that they are added to while a row is in cache: [width][entries]. */
    final float[][] embeddingGradient;

    final float[][][] tableGradient;

    final float[] headGainGradient;

    /**
     * @param kept blocks whose activations are kept for the way back, at least 1
     */
    Workspace(ModelShape shape, int kept) {
        this.shape = shape;
        int tokens = shape.tokens();
        long plane = (long) shape.width() * tokens;
        long hidden = (long) shape.hidden() * tokens;
        pixels = new int[shape.channels()][tokens];
        residual = arena.floats(plane);
        residualGradient = arena.floats(plane);
        normedGradient = arena.floats(plane);
        qkvGradient = arena.floats(3 * plane);
        attendedGradient = arena.floats(plane);
        gatesGradient = arena.floats(2 * hidden);
        gatedGradient = arena.floats(hidden);
        blockProbabilities = arena.floats((long) CausalAttention.QUERIES * tokens);
        blockGradient = arena.floats((long) CausalAttention.QUERIES * tokens);
        headInputs = new FlatVector[shape.channels()];
        for (int c = 0; c < headInputs.length; c++) {
            headInputs[c] = arena.floats(plane);
        }
        headNormed = arena.floats(plane);
        logits = arena.floats((long) shape.levels() * tokens);
        headScale = new float[tokens];
        columnMax = new float[tokens];
        columnSum = new float[tokens];
        columnDot = new float[tokens];
        embeddingGradient = new float[shape.width()][shape.channels() * shape.levels() + 1];
        tableGradient = new float[shape.channels() - 1][shape.width()][shape.levels()];
        headGainGradient = new float[shape.width()];
        slots = new Slot[kept];
        for (int i = 0; i < kept; i++) {
            slots[i] = new Slot(arena, shape);
        }
    }

    /** Takes an image of bytes [channel][token]. */
    void load(byte[] values, int from) {
        int tokens = shape.tokens();
        for (int c = 0; c < pixels.length; c++) {
            int[] row = pixels[c];
            for (int t = 0; t < tokens; t++) {
                row[t] = values[from + c * tokens + t] & 0xff;
            }
        }
    }

    /** Bytes outside the heap. */
    long bytes() {
        return arena.bytes();
    }

    @Override
    public void close() {
        arena.close();
    }

    /** What one block keeps of one image. */
    static final class Slot {
        final FlatVector attentionNormed;
        final float[] attentionScale;
        final FlatVector qkv;
        final FlatVector attended;

        /** One over the sum of exponentials, [head][token]. */
        final float[][] inverseSums;

        /** Exponentials of scores, block after block of queries, each [keys][queries]; null where they are computed again. */
        final @Nullable FlatVector probabilities;

        final FlatVector gegluNormed;
        final float[] gegluScale;
        final FlatVector gates;
        final FlatVector sigmoids;
        final FlatVector gated;

        Slot(Arena arena, ModelShape shape) {
            int tokens = shape.tokens();
            long plane = (long) shape.width() * tokens;
            long hidden = (long) shape.hidden() * tokens;
            attentionNormed = arena.floats(plane);
            attentionScale = new float[tokens];
            qkv = arena.floats(3 * plane);
            attended = arena.floats(plane);
            inverseSums = new float[shape.heads()][tokens];
            probabilities = tokens <= MemoryEstimate.KEPT_TOKENS
                    ? arena.floats(shape.heads() * CausalAttention.scoresOfHead(tokens))
                    : null;
            gegluNormed = arena.floats(plane);
            gegluScale = new float[tokens];
            gates = arena.floats(2 * hidden);
            sigmoids = arena.floats(hidden);
            gated = arena.floats(hidden);
        }
    }
}

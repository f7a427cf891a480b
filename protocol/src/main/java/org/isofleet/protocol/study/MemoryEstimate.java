package org.isofleet.protocol.study;

/**
 * Memory of a worker that trains a run, before anything is allocated: what the planner refuses cells by. Images of a shard go through
 * a lane one after the other, so their number does not matter. A test of the reference engine holds this within a quarter of what
 * it allocates.
 */
public final class MemoryEstimate {
    /** Longest image whose attention probabilities an engine keeps for the way back; of longer ones it computes them again. */
    public static final int KEPT_TOKENS = 1024;

    /** A Java process with the native libraries loaded took 175 MB; the rest is heap for images and metrics. */
    private static final long PROCESS_BYTES = 256L << 20;

    private static final int QUERIES = 64;

    private MemoryEstimate() {}

    /**
     * All of a worker: the process, the engine, two moments, and the gradients that are live while shards are summed along the tree.
     *
     * @param lanes shards computed at the same time
     * @param virtualShards V of the run
     */
    public static long workerBytes(ModelShape shape, int lanes, int virtualShards) {
        int levels = 32 - Integer.numberOfLeadingZeros(virtualShards - 1);
        long gradients = levels + 1L + lanes;
        return PROCESS_BYTES + engineBytes(shape, lanes) + (2 + gradients) * shape.allParams() * Float.BYTES;
    }

    /** The engine: parameters, weights with norm gains folded in, and the activations of each lane. */
    public static long engineBytes(ModelShape shape, int lanes) {
        long folded = shape.layers() * (3L * shape.width() + 2L * shape.hidden()) * shape.width();
        return (shape.allParams() + folded + lanes * laneFloats(shape)) * Float.BYTES;
    }

    private static long laneFloats(ModelShape shape) {
        long tokens = shape.tokens();
        long keptOfToken = 6L * shape.width() + 4L * shape.hidden();
        long sharedOfToken =
                (8L + shape.channels()) * shape.width() + 3L * shape.hidden() + shape.levels() + 2 * QUERIES;
        // Half of the square and a strip along its diagonal, for queries go in blocks.
        long scores = tokens <= KEPT_TOKENS ? tokens * (tokens + Math.min(QUERIES, tokens)) / 2 : 0;
        return tokens * (sharedOfToken + shape.layers() * keptOfToken) + scores * shape.layers() * shape.heads();
    }
}

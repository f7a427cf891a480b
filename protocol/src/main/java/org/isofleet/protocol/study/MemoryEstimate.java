package org.isofleet.protocol.study;

/**
 * Memory of a worker that trains a run, before anything is allocated: what the planner refuses cells by. With dl4j, images of a shard go
 * through a lane one after the other, so their number does not matter; torch keeps what autograd needs of all of them. Tests hold this
 * within a quarter of what an engine of dl4j, and a group of two, allocate, and near what a process grows by with torch.
 */
public final class MemoryEstimate {
    /** Longest image whose attention probabilities an engine keeps for the way back; of longer ones it computes them again. */
    public static final int KEPT_TOKENS = 1024;

    /** A Java process with the native libraries loaded took 175 MB; the rest is heap for images and metrics. */
    private static final long PROCESS_BYTES = 256L << 20;

    private static final int QUERIES = 64;
    private static final int MOMENTS = 2;
    /** Parameters and moments as they were at the checkpoint that is being written. */
    private static final int CHECKPOINT_COPY = 3;
    /** The sum, and of the other member's gradient the half that it is finished on, which is rounded up. */
    private static final int EXCHANGE = 2;

    /** Parameters and moments as a newcomer is sent them, and a gradient. */
    private static final int FOLLOWER = 4;

    /** LibTorch when it is loaded and its operators have run. */
    private static final long LIBTORCH_BYTES = 192L << 20;

    private MemoryEstimate() {}

    /**
     * All of a worker that trains a run.
     *
     * @param lanes shards computed at the same time
     */
    public static long workerBytes(RunSpec spec, int lanes) {
        return worker(spec).bytes(lanes);
    }

    /** The same for any number of lanes. */
    public static WorkerMemory worker(RunSpec spec) {
        ModelShape shape = spec.shape();
        long none = isTorch(spec) ? torchEngineBytes(shape, 0, spec.shardImages()) : engineBytes(shape, 0);
        long one = isTorch(spec) ? torchEngineBytes(shape, 1, spec.shardImages()) : engineBytes(shape, 1);
        long process = PROCESS_BYTES + (isTorch(spec) ? LIBTORCH_BYTES : 0);
        return new WorkerMemory(
                process + none + followerBytes(shape, spec.virtualShards()),
                one - none,
                shape.allParams() * Float.BYTES,
                spec.virtualShards());
    }

    /** What training a run takes of a worker's process. */
    public static long trainingBytes(RunSpec spec, int lanes) {
        ModelShape shape = spec.shape();
        long dl4j = trainingBytes(shape, lanes, spec.virtualShards());
        return isTorch(spec)
                ? dl4j - engineBytes(shape, lanes) + torchEngineBytes(shape, lanes, spec.shardImages())
                : dl4j;
    }

    private static boolean isTorch(RunSpec spec) {
        return spec.engine().equals("torch");
    }

    /**
     * All of a worker that computes with dl4j: the process and what training takes.
     *
     * @param lanes shards computed at the same time
     * @param virtualShards V of the run
     */
    public static long workerBytes(ModelShape shape, int lanes, int virtualShards) {
        return PROCESS_BYTES + followerBytes(shape, virtualShards) + trainingBytes(shape, lanes, virtualShards);
    }

    /**
     * What a member holds for a newcomer that follows it: the copy that is being sent, in whose place gradients wait afterwards, and one gradient
     * more. Nobody can join a run of one shard.
     */
    public static long followerBytes(ModelShape shape, int virtualShards) {
        return virtualShards == 1 ? 0 : FOLLOWER * shape.allParams() * Float.BYTES;
    }

    /**
     * What training takes: the engine, two moments, the copy that checkpoints are written from, and gradients. Of these a worker by
     * itself has the most that are summed at a time; one of two has half of the shards, and what they exchange.
     */
    public static long trainingBytes(ModelShape shape, int lanes, int virtualShards) {
        return engineBytes(shape, lanes) + vectors(lanes, virtualShards) * shape.allParams() * Float.BYTES;
    }

    /** Vectors as long as the parameters that training has beside those of the engine. */
    static long vectors(int lanes, int virtualShards) {
        long alone = gradients(lanes, virtualShards);
        long ofTwo = virtualShards == 1 ? 0 : gradients(lanes, virtualShards / 2) + EXCHANGE;
        return MOMENTS + CHECKPOINT_COPY + Math.max(alone, ofTwo);
    }

    /** Live while shards are summed along the tree: for each lane one a level of its subtree and one that is computed. */
    private static long gradients(int lanes, int shards) {
        int working = Math.min(lanes, shards);
        int each = (shards + working - 1) / working;
        int levels = 32 - Integer.numberOfLeadingZeros(each - 1);
        return working * (levels + 1L);
    }

    /** The engine: parameters, weights with norm gains folded in, and the activations of each lane. */
    public static long engineBytes(ModelShape shape, int lanes) {
        long folded = shape.layers() * (3L * shape.width() + 2L * shape.hidden()) * shape.width();
        return (shape.allParams() + folded + lanes * laneFloats(shape)) * Float.BYTES;
    }

    /**
     * The engine torch: parameters, and of each lane what autograd keeps of a shard: by block the residual stream twice, both norms before
     * and after their gain, turned queries and keys, values, what was attended, and the gates, which are four times the hidden size; the
     * probabilities of every channel; and what lives for a while on the way back.
     */
    public static long torchEngineBytes(ModelShape shape, int lanes, int shardImages) {
        long ofBlock = 10L * shape.width() + 4L * shape.hidden();
        long ofHead = (shape.channels() + 3L) * shape.levels() + (5L + shape.channels()) * shape.width();
        long ofToken = (shape.layers() + 1) * ofBlock + ofHead;
        return (shape.allParams() + (long) lanes * shardImages * shape.tokens() * ofToken) * Float.BYTES;
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

package org.isofleet.coordinator.plan;

import org.isofleet.protocol.study.ModelShape;

/** Memory of a worker, until an engine tells its own. */
final class MemoryEstimate {
    private MemoryEstimate() {}

    /** Parameters, two moments and a few gradients, and the activations that backward needs for a shard's images. */
    static long workerBytes(ModelShape shape, int shardImages) {
        long vectors = 3 + 8;
        long perToken = (long) shape.layers() * (10L * shape.width() + 5L * shape.hidden())
                + 4L * shape.width()
                + 2L * shape.channels() * shape.levels();
        long probabilities = (long) shape.layers() * shape.heads() * shape.tokens() * shape.tokens();
        long activations = (long) shardImages * (perToken * shape.tokens() + probabilities);
        long process = 256L << 20;
        return process + 4 * (vectors * shape.allParams() + activations);
    }
}

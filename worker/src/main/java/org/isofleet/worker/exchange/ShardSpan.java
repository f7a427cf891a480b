package org.isofleet.worker.exchange;

/**
 * Consecutive virtual shards whose gradients have been summed into one vector.
 *
 * @param first the first shard
 * @param size how many
 */
public record ShardSpan(int first, int size) {
    public ShardSpan {
        if (first < 0 || size < 1) {
            throw new IllegalArgumentException(size + " shards from " + first);
        }
    }

    /** One shard by itself. */
    public static ShardSpan of(int shard) {
        return new ShardSpan(shard, 1);
    }
}

package org.isofleet.worker.data;

import org.isofleet.worker.engine.PixelBatch;

/**
 * The images of each virtual shard of each step. A function of (step, shard): any worker that asks gets the same bytes, in any
 * order, as often as it likes. Safe for use by several threads.
 */
public interface BatchSource {
    /** Images of a virtual shard. */
    int shardImages();

    /** V: shards of a step. */
    int virtualShards();

    /**
     * Writes the images of a shard.
     *
     * @param step from 0
     * @param shard 0 to V - 1
     * @param target holds {@link #shardImages} images of the set's channels and pixels
     * @return what the shard adds to the sample ledger, as {@link #ledger} gives
     */
    long fill(long step, int shard, PixelBatch target);

    /**
     * What a shard adds to the sample ledger of its run: a hash of (position, bytes) of each image, summed mod 2^64. A sum does
     * not depend on order, so a run that saw every image where the plan says has the sum of all its shards, however its steps were
     * spread, repeated or recovered; one missed, doubled or damaged image changes it.
     */
    long ledger(long step, int shard);
}

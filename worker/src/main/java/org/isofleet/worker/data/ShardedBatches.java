package org.isofleet.worker.data;

import static org.isofleet.protocol.study.Requirement.require;

import org.isofleet.worker.data.ImageSet.Split;
import org.isofleet.worker.engine.PixelBatch;

/**
 * Training images in sample order, cut into virtual shards: shard v of step s holds positions {@code s * batch + v * m} to
 * {@code s * batch + (v + 1) * m - 1}, where m is the images of a shard. Batches run on over the ends of epochs; none is partial.
 */
public final class ShardedBatches implements BatchSource {
    private final ImageSet images;
    private final SampleOrder order;
    private final int batch;
    private final int virtualShards;
    private final int shardImages;

    /**
     * Batches of a run.
     *
     * @param images read from, not closed
     * @param seed of the run
     * @param batch images of a step, a multiple of {@code virtualShards}
     * @param virtualShards V
     */
    public ShardedBatches(ImageSet images, long seed, int batch, int virtualShards) {
        require(virtualShards >= 1, "a batch needs at least one virtual shard");
        require(
                batch >= virtualShards && batch % virtualShards == 0,
                "batch %d must be a multiple of %d virtual shards",
                batch,
                virtualShards);
        this.images = images;
        this.order = new SampleOrder(images.count(Split.TRAIN), seed);
        this.batch = batch;
        this.virtualShards = virtualShards;
        this.shardImages = batch / virtualShards;
    }

    @Override
    public int shardImages() {
        return shardImages;
    }

    @Override
    public int virtualShards() {
        return virtualShards;
    }

    /** Index, within the training split, of an image of a shard. */
    public long imageAt(long step, int shard, int image) {
        return order.imageAt(position(step, shard) + image);
    }

    @Override
    public long fill(long step, int shard, PixelBatch target) {
        int length = imageLength();
        if (target.images() != shardImages || target.channels() * target.tokens() != length) {
            throw new IllegalArgumentException("a shard has " + shardImages + " images of " + length + " bytes, not "
                    + target.images() + " of " + target.channels() * target.tokens());
        }
        return fill(step, shard, target.values());
    }

    @Override
    public long ledger(long step, int shard) {
        return fill(step, shard, new byte[Math.multiplyExact(shardImages, imageLength())]);
    }

    private long fill(long step, int shard, byte[] values) {
        int length = imageLength();
        long first = position(step, shard);
        long ledger = 0;
        for (int i = 0; i < shardImages; i++) {
            images.read(Split.TRAIN, order.imageAt(first + i), values, i * length);
            ledger += Hash64.mix(Hash64.of(values, i * length, length) ^ Hash64.mix(first + i));
        }
        return ledger;
    }

    private long position(long step, int shard) {
        if (step < 0 || shard < 0 || shard >= virtualShards) {
            throw new IndexOutOfBoundsException("shard " + shard + " of step " + step);
        }
        return Math.addExact(Math.multiplyExact(step, (long) batch), (long) shard * shardImages);
    }

    private int imageLength() {
        return images.channels() * images.resolution() * images.resolution();
    }
}

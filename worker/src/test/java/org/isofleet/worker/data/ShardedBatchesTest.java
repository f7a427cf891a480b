package org.isofleet.worker.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.Random;
import org.isofleet.protocol.study.InvalidSpecException;
import org.isofleet.worker.data.ImageSet.Split;
import org.isofleet.worker.engine.PixelBatch;
import org.junit.jupiter.api.Test;

class ShardedBatchesTest {
    private static final int N = 37;
    private static final int LENGTH = 3 * 4 * 4;
    private final byte[] values = new byte[N * LENGTH];
    private final ImageSet images;

    ShardedBatchesTest() {
        new Random(5).nextBytes(values);
        images = new HeapImages(
                4, 3, 256, List.of("a"), Map.of(Split.TRAIN, new HeapImages.Content(values, new int[N])));
    }

    @Test
    void shards_ofAStep_areItsBatchInOrder() {
        ShardedBatches whole = new ShardedBatches(images, 9, 8, 1);
        ShardedBatches cut = new ShardedBatches(images, 9, 8, 4);
        for (long step = 0; step < 20; step++) {
            byte[] batch = fill(whole, step, 0);
            for (int shard = 0; shard < 4; shard++) {
                byte[] part = fill(cut, step, shard);
                assertThat(part)
                        .isEqualTo(java.util.Arrays.copyOfRange(batch, shard * 2 * LENGTH, (shard + 1) * 2 * LENGTH));
            }
        }
    }

    @Test
    void batches_acrossTheEndOfAnEpoch_useEveryImageOnce() {
        ShardedBatches source = new ShardedBatches(images, 9, 8, 2);
        int[] seen = new int[N];
        for (long position = 0; position < 8L * N; position++) {
            seen[(int) source.imageAt(position / 8, (int) (position % 8 / 4), (int) (position % 4))]++;
        }
        assertThat(seen).containsOnly(8);
    }

    @Test
    void ledger_overAllShards_doesNotDependOnTheirNumber() {
        assertThat(ledger(new ShardedBatches(images, 9, 8, 8), 12))
                .isEqualTo(ledger(new ShardedBatches(images, 9, 8, 2), 12))
                .isNotEqualTo(ledger(new ShardedBatches(images, 8, 8, 2), 12));
    }

    @Test
    void ledger_oneBitOfOneImage_changes() {
        ShardedBatches source = new ShardedBatches(images, 9, 8, 2);
        long before = ledger(source, 5);
        values[(int) source.imageAt(3, 1, 2) * LENGTH + 17] ^= 1;
        assertThat(ledger(source, 5)).isNotEqualTo(before);
    }

    @Test
    void fill_returnsTheLedger() {
        ShardedBatches source = new ShardedBatches(images, 9, 8, 2);
        PixelBatch target = new PixelBatch(4, 3, 16, new byte[4 * LENGTH]);
        assertThat(source.fill(6, 1, target)).isEqualTo(source.ledger(6, 1));
    }

    @Test
    void batch_notCutEvenly_isRefused() {
        assertThatThrownBy(() -> new ShardedBatches(images, 9, 6, 4))
                .isInstanceOf(InvalidSpecException.class)
                .hasMessageContaining("multiple of 4");
        assertThatThrownBy(() ->
                        new ShardedBatches(images, 9, 8, 4).fill(0, 0, new PixelBatch(1, 3, 16, new byte[LENGTH])))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private static byte[] fill(ShardedBatches source, long step, int shard) {
        byte[] target = new byte[source.shardImages() * LENGTH];
        source.fill(step, shard, new PixelBatch(source.shardImages(), 3, 16, target));
        return target;
    }

    private static long ledger(ShardedBatches source, long steps) {
        long sum = 0;
        for (long step = 0; step < steps; step++) {
            for (int shard = 0; shard < source.virtualShards(); shard++) {
                sum += source.ledger(step, shard);
            }
        }
        return sum;
    }
}

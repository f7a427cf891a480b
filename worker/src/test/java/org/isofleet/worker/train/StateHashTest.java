package org.isofleet.worker.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.isofleet.worker.checkpoint.SampleLedger;
import org.isofleet.worker.engine.FlatVector;
import org.junit.jupiter.api.Test;

class StateHashTest {
    private static final int LENGTH = 3 * Blocks.SIZE + 100;
    private final Blocks blocks = new Blocks(LENGTH);
    private final FlatVector vector = random(1);
    private final FlatVector first = random(2);
    private final FlatVector second = random(3);

    private static FlatVector random(int seed) {
        Random random = new Random(seed);
        FlatVector vector = FlatVector.zeros(LENGTH);
        for (int i = 0; i < LENGTH; i++) {
            vector.set(i, (float) random.nextGaussian());
        }
        return vector;
    }

    private long hash() {
        return hash(0, blocks.count());
    }

    private long hash(int from, int to) {
        return new StateHash().ofBlocks(blocks, from, to, vector, first, second);
    }

    @Test
    void parts_hashedApart_addUpToTheWhole() {
        assertThat(hash(1, blocks.count()) + hash(0, 1)).isEqualTo(hash());
    }

    @Test
    void anyFlippedBit_changesTheHash() {
        Set<Long> hashes = new HashSet<>();
        hashes.add(hash());
        int flips = 0;
        List<FlatVector> vectors = List.of(vector, first, second);
        for (int i = 0; i < LENGTH; i += 131) {
            FlatVector flipped = vectors.get(i % 3);
            for (int bit = 0; bit < 32; bit++) {
                float before = flipped.get(i);
                flipped.set(i, Float.intBitsToFloat(Float.floatToRawIntBits(before) ^ (1 << bit)));
                hashes.add(hash());
                flips++;
                flipped.set(i, before);
            }
        }
        assertThat(hashes).hasSize(flips + 1);
    }

    @Test
    void signs_ofAWholeTensorFlipped_changeTheHash() {
        long before = hash();
        for (int i = 0; i < Blocks.SIZE; i++) {
            vector.set(i, -vector.get(i));
        }
        assertThat(hash()).isNotEqualTo(before);
    }

    @Test
    void equalBlocks_swapped_changeTheHash() {
        long before = hash();
        for (int i = 0; i < Blocks.SIZE; i++) {
            float a = vector.get(i);
            vector.set(i, vector.get(i + Blocks.SIZE));
            vector.set(i + Blocks.SIZE, a);
        }
        assertThat(hash()).isNotEqualTo(before);
    }

    @Test
    void whole_otherStepOrLedger_differs() {
        long hash = StateHash.whole(5, 1, SampleLedger.EMPTY);
        assertThat(StateHash.whole(5, 2, SampleLedger.EMPTY)).isNotEqualTo(hash);
        assertThat(StateHash.whole(5, 1, new SampleLedger(1, 0))).isNotEqualTo(hash);
        assertThat(StateHash.whole(5, 1, new SampleLedger(0, 1))).isNotEqualTo(hash);
    }
}

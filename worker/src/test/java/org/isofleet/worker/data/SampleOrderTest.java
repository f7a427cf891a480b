package org.isofleet.worker.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.BitSet;
import java.util.stream.LongStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.isofleet.protocol.study.InvalidSpecException;
import org.junit.jupiter.api.Test;

class SampleOrderTest {
    @Property
    void everyEpoch_anyCount_holdsEachImageOnce(
            @ForAll @IntRange(min = 1, max = 5000) int n, @ForAll long seed, @ForAll @IntRange(max = 9) int epoch) {
        SampleOrder order = new SampleOrder(n, seed);
        BitSet seen = new BitSet(n);
        for (long p = 0; p < n; p++) {
            seen.set(Math.toIntExact(order.imageAt((long) epoch * n + p)));
        }
        assertThat(seen.cardinality()).isEqualTo(n);
        assertThat(seen.length()).isEqualTo(n);
    }

    @Property
    void imageAt_hugeCount_staysInRange(
            @ForAll @LongRange(min = 1, max = 1L << 60) long n, @ForAll @LongRange(min = 0) long position) {
        assertThat(new SampleOrder(n, 3).imageAt(position)).isBetween(0L, n - 1);
    }

    @Property
    void order_anotherEpochOrSeed_isAnother(@ForAll @IntRange(min = 100, max = 3000) int n, @ForAll long seed) {
        long[] first = epoch(n, seed, 0);
        assertThat(epoch(n, seed, 1)).isNotEqualTo(first);
        assertThat(epoch(n, seed + 1, 0)).isNotEqualTo(first);
        assertThat(epoch(n, seed, 0)).isEqualTo(first);
    }

    /** Every image should come at every place about equally often: chi-squared over the places of image 0. */
    @Test
    void places_overManyEpochs_areUniform() {
        for (int n : new int[] {3, 10, 61}) {
            SampleOrder order = new SampleOrder(n, 42);
            int epochs = 400 * n;
            long[] count = new long[n];
            for (long e = 0; e < epochs; e++) {
                for (int p = 0; p < n; p++) {
                    if (order.imageAt(e * n + p) == 0) {
                        count[p]++;
                    }
                }
            }
            double chi2 = LongStream.of(count)
                    .mapToDouble(c -> (c - 400.0) * (c - 400.0) / 400)
                    .sum();
            // mean n - 1, standard deviation sqrt(2 (n - 1)): five of them above is one in a million or rarer
            assertThat(chi2).as("n = %d", n).isLessThan(n - 1 + 5 * Math.sqrt(2.0 * (n - 1)) + 5);
        }
    }

    /** Neighbours in one epoch should not stay neighbours in the next. */
    @Test
    void neighbours_nextEpoch_areScattered() {
        int n = 4096;
        long[] first = epoch(n, 7, 0);
        long[] second = epoch(n, 7, 1);
        int same = 0;
        for (int i = 0; i < n; i++) {
            same += first[i] == second[i] ? 1 : 0;
        }
        assertThat(same).isLessThan(10); // one fixed point is expected, ten is one in ten million
        double meanJump = 0;
        for (int i = 1; i < n; i++) {
            meanJump += Math.abs(first[i] - first[i - 1]) / (double) (n - 1);
        }
        assertThat(meanJump).isBetween(n / 3.0 * 0.95, n / 3.0 * 1.05);
    }

    /** Computed apart, in Python, from the class comment; a change of any of them changes the bits of every run. */
    @Test
    void order_fixedSeed_isPinned() {
        assertThat(epoch(10, 1, 0)).containsExactly(0, 9, 6, 5, 4, 3, 2, 7, 8, 1);
        assertThat(epoch(10, 1, 1)).containsExactly(4, 2, 8, 0, 1, 3, 7, 6, 5, 9);
        SampleOrder large = new SampleOrder(3_000_000_000L, 20250707);
        assertThat(LongStream.of(0, 1, 2_999_999_999L, 3_000_000_000L, 1L << 40)
                        .map(large::imageAt)
                        .toArray())
                .containsExactly(2_726_231_464L, 1_269_058_208L, 1_464_646_423L, 2_218_748_793L, 80_575_426L);
    }

    @Test
    void order_ofNothing_isRefused() {
        assertThatThrownBy(() -> new SampleOrder(0, 1)).isInstanceOf(InvalidSpecException.class);
        assertThatThrownBy(() -> new SampleOrder(5, 1).imageAt(-1)).isInstanceOf(IndexOutOfBoundsException.class);
    }

    private static long[] epoch(int n, long seed, long epoch) {
        SampleOrder order = new SampleOrder(n, seed);
        return LongStream.range(0, n).map(p -> order.imageAt(epoch * n + p)).toArray();
    }
}

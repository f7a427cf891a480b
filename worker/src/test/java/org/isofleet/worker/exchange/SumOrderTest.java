package org.isofleet.worker.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

class SumOrderTest {
    /** The definition, written as a recursion: the sum of a node is that of its two halves. */
    private static float tree(float[] shards, int first, int size) {
        return size == 1 ? shards[first] : tree(shards, first, size / 2) + tree(shards, first + size / 2, size / 2);
    }

    private static float[] shards(int count, long seed) {
        Random random = new Random(seed);
        float[] shards = new float[count];
        for (int i = 0; i < count; i++) {
            shards[i] = (float) (random.nextGaussian() * Math.pow(10, random.nextInt(9) - 4));
        }
        return shards;
    }

    /** Sums as a group does: every member its own shards, then all spans together. */
    private static float byMembers(SumOrder order, float[] shards, int members) {
        List<ShardSpan> spans = new ArrayList<>();
        List<Float> sums = new ArrayList<>();
        for (int m = 0; m < members; m++) {
            int first = m * shards.length / members;
            int end = (m + 1) * shards.length / members;
            List<ShardSpan> own = new ArrayList<>();
            float[] values = new float[end - first];
            for (int s = first; s < end; s++) {
                own.add(ShardSpan.of(s));
                values[s - first] = shards[s];
            }
            SumPlan plan = order.plan(own);
            apply(plan, values);
            plan.remaining().forEach(r -> {
                spans.add(r.span());
                sums.add(values[r.input()]);
            });
            assertThat(plan.spans()).isEqualTo(order.cover(first, end));
        }
        SumPlan finish = order.plan(spans);
        float[] values = new float[sums.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = sums.get(i);
        }
        apply(finish, values);
        assertThat(finish.spans()).containsExactly(new ShardSpan(0, shards.length));
        return values[finish.remaining().get(0).input()];
    }

    private static void apply(SumPlan plan, float[] values) {
        plan.additions().forEach(a -> values[a.into()] += values[a.from()]);
    }

    @Property
    void tree_howeverTheShardsLieOnMembers_givesTheSameBits(
            @ForAll @IntRange(max = 7) int log2,
            @ForAll @LongRange(min = 0) long seed,
            @ForAll @IntRange(min = 1) int m) {
        float[] shards = shards(1 << log2, seed);
        int members = 1 + m % shards.length;
        assertThat(Float.floatToRawIntBits(byMembers(SumOrder.TREE, shards, members)))
                .isEqualTo(Float.floatToRawIntBits(tree(shards, 0, shards.length)));
    }

    @Property
    void cover_ofAnyRange_isItsLargestSubtrees(@ForAll @IntRange(max = 255) int a, @ForAll @IntRange(max = 255) int b) {
        int first = Math.min(a, b);
        int end = Math.max(a, b) + 1;
        List<ShardSpan> cover = SumOrder.TREE.cover(first, end);
        int at = first;
        for (ShardSpan span : cover) {
            assertThat(span.first()).isEqualTo(at);
            assertThat(Integer.bitCount(span.size())).isEqualTo(1);
            assertThat(span.first() % span.size()).isZero();
            at += span.size();
        }
        assertThat(at).isEqualTo(end);
        assertThat(cover).hasSizeLessThanOrEqualTo(2 * 8);
    }

    @Test
    void arrival_onShardsOfUnequalSize_givesOtherBits() {
        float[] shards = {1e8f, 3, 3, 3, 3, 3, 3, 3};
        assertThat(byMembers(SumOrder.ARRIVAL, shards, 1))
                .isEqualTo(1e8f); // each 3 is less than half a unit in the last place
        assertThat(tree(shards, 0, 8)).isNotEqualTo(byMembers(SumOrder.ARRIVAL, shards, 1));
    }

    @Property
    void slices_ofAnyVector_coverItOnceInWholeBlocks(
            @ForAll @LongRange(min = 1, max = 100_000) long length, @ForAll @IntRange(min = 1, max = 9) int members) {
        Slices slices = new Slices(length, members);
        assertThat(slices.start(0)).isZero();
        assertThat(slices.end(members - 1)).isEqualTo(length);
        for (int m = 0; m < members; m++) {
            assertThat(slices.start(m)).isLessThanOrEqualTo(slices.end(m));
            assertThat(slices.start(m) % Slices.BLOCK == 0 || slices.start(m) == length)
                    .isTrue();
        }
    }
}

package org.isofleet.worker.train;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.isofleet.worker.exchange.SumOrder;
import org.isofleet.worker.exchange.SumPlan;
import org.junit.jupiter.api.Test;

class LanePlanTest {
    @Test
    void wholeSubtree_ofSixteen_needsFiveBuffers() {
        assertThat(LanePlan.of(SumOrder.TREE, 16, 32).buffers()).isEqualTo(5);
    }

    @Property
    void buffers_whenThePlanIsDone_holdEachShardOnce(
            @ForAll @IntRange(max = 63) int a, @ForAll @IntRange(max = 63) int b) {
        int first = Math.min(a, b);
        int end = Math.max(a, b) + 1;
        LanePlan plan = LanePlan.of(SumOrder.TREE, first, end);
        long[] buffers = new long[plan.buffers()]; // a set of shards as bits
        for (LanePlan.Work work : plan.work()) {
            buffers[work.buffer()] = 1L << work.shard();
            for (SumPlan.Addition addition : work.then()) {
                assertThat(buffers[addition.into()] & buffers[addition.from()]).isZero();
                buffers[addition.into()] |= buffers[addition.from()];
            }
        }
        assertThat(plan.spans()).isEqualTo(SumOrder.TREE.cover(first, end));
        for (int i = 0; i < plan.spans().size(); i++) {
            long shards = 0;
            for (int s = 0; s < plan.spans().get(i).size(); s++) {
                shards |= 1L << (plan.spans().get(i).first() + s);
            }
            assertThat(buffers[plan.buffersOfSpans().get(i)]).isEqualTo(shards);
        }
    }
}

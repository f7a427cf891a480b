package org.isofleet.worker.train;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.isofleet.worker.exchange.ShardSpan;
import org.isofleet.worker.exchange.SumOrder;
import org.isofleet.worker.exchange.SumPlan;

/**
 * How one lane computes its shards: which buffer takes each gradient and what is added right after, so that as few buffers as can
 * be are alive: log2 of the shards plus one for a whole subtree.
 *
 * @param work the shards, ascending
 * @param spans sums that remain
 * @param buffersOfSpans the buffer that holds each
 * @param buffers how many are needed
 */
record LanePlan(List<Work> work, List<ShardSpan> spans, List<Integer> buffersOfSpans, int buffers) {
    /**
     * @param shard to compute
     * @param buffer for its gradient
     * @param then additions of buffers
     */
    record Work(int shard, int buffer, List<SumPlan.Addition> then) {}

    static LanePlan of(SumOrder order, int firstShard, int endShard) {
        List<ShardSpan> inputs = new ArrayList<>();
        List<Work> work = new ArrayList<>();
        int[] bufferOfShard = new int[endShard - firstShard];
        Deque<Integer> free = new ArrayDeque<>();
        int buffers = 0;
        int done = 0;
        for (int i = 0; i < bufferOfShard.length; i++) {
            inputs.add(ShardSpan.of(firstShard + i));
            List<SumPlan.Addition> all = order.plan(inputs).additions();
            bufferOfShard[i] = free.isEmpty() ? buffers++ : free.pop();
            List<SumPlan.Addition> then = new ArrayList<>();
            for (SumPlan.Addition addition : all.subList(done, all.size())) {
                then.add(new SumPlan.Addition(bufferOfShard[addition.into()], bufferOfShard[addition.from()]));
                free.push(bufferOfShard[addition.from()]);
            }
            done = all.size();
            work.add(new Work(firstShard + i, bufferOfShard[i], List.copyOf(then)));
        }
        SumPlan plan = order.plan(inputs);
        return new LanePlan(
                List.copyOf(work),
                plan.spans(),
                plan.remaining().stream().map(r -> bufferOfShard[r.input()]).toList(),
                buffers);
    }
}

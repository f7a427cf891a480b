package org.isofleet.worker.train;

import org.isofleet.protocol.group.GroupPlan;
import org.isofleet.worker.data.ShardedBatches;
import org.isofleet.worker.engine.FlatVector;
import org.isofleet.worker.exchange.Exchange;
import org.isofleet.worker.exchange.ExchangedVectors;
import org.isofleet.worker.exchange.GroupExchange;
import org.isofleet.worker.exchange.PeerGroup;
import org.isofleet.worker.exchange.PeerLostException;
import org.isofleet.worker.exchange.SoloExchange;
import org.isofleet.worker.exchange.SumOrder;
import org.jspecify.annotations.Nullable;

/**
 * One way to compute a step: who computes which shards and finishes which slice of the sum. The order of the sum is one tree over shards,
 * so with everything taken over by the next member, or the one after it, it comes to the same bits.
 *
 * @param gradients of the shards that this member has in it
 * @param exchange that sums them
 */
record Pass(ShardGradients gradients, Exchange exchange) implements AutoCloseable {
    /** What the passes of a generation have in common. */
    record Ground(
            TrainingState state,
            Assignment assignment,
            @Nullable PeerGroup group,
            ShardedBatches batches,
            SumOrder order,
            Lanes lanes) {
        /**
         * Prepares a pass; every member must do so at the same time.
         *
         * @param shift how many members further the shards and the slice lie that a member takes; 0 for its own
         */
        @SuppressWarnings("MustBeClosedChecker") // closed by the pass
        Pass pass(int shift) throws PeerLostException, InterruptedException {
            GroupPlan plan = assignment.plan();
            int place = (assignment.member() + shift) % plan.members().size();
            try (ExchangedVectors memory = new ExchangedVectors(group)) {
                ShardGradients gradients = new ShardGradients(
                        state.engine(), batches, order, plan.firstShard(place), plan.endShard(place), lanes, memory);
                try {
                    return new Pass(gradients, exchange(gradients, memory, shift));
                } catch (PeerLostException | InterruptedException | RuntimeException e) {
                    gradients.close();
                    throw e;
                }
            }
        }

        private Exchange exchange(ShardGradients gradients, ExchangedVectors memory, int shift)
                throws PeerLostException, InterruptedException {
            FlatVector sum = gradients.vectors().get(0);
            return group == null
                    ? new SoloExchange(sum, new GradientNorm(sum.length(), lanes)::of)
                    : new GroupExchange(group, order, gradients.vectors(), memory, shift);
        }
    }

    @Override
    public void close() {
        exchange.close();
        gradients.close();
    }
}

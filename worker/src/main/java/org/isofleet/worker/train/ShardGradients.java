package org.isofleet.worker.train;

import java.util.ArrayList;
import java.util.List;
import org.isofleet.worker.data.BatchSource;
import org.isofleet.worker.engine.FlatVector;
import org.isofleet.worker.engine.PixelBatch;
import org.isofleet.worker.engine.PixelEngine;
import org.isofleet.worker.exchange.Exchange;
import org.isofleet.worker.exchange.ExchangedVectors;
import org.isofleet.worker.exchange.ShardSpan;
import org.isofleet.worker.exchange.SumOrder;
import org.isofleet.worker.exchange.SumPlan;
import org.isofleet.worker.exchange.TileSum;

/**
 * The gradients of the virtual shards that a member holds, summed as far as it can. Each lane takes consecutive shards and sums
 * its own subtrees, so lanes meet once a step; then the lanes' sums are joined along the same tree.
 */
final class ShardGradients implements AutoCloseable {
    private static final double STEPS_REMEMBERED = 20;

    private final PixelEngine engine;
    private final BatchSource batches;
    private final Lanes lanes;
    private final List<Lane> work = new ArrayList<>();
    private final SumPlan join;
    private final List<TileSum.Slice> inputs = new ArrayList<>();
    private final List<TileSum> sums = new ArrayList<>();
    private final Blocks blocks;
    private final int shardsOfALane;
    private double shardSeconds;

    /**
     * For the shards {@code firstShard} to {@code endShard - 1}.
     *
     * @param memory of the vectors that hold the member's sums
     */
    ShardGradients(
            PixelEngine engine,
            BatchSource batches,
            SumOrder order,
            int firstShard,
            int endShard,
            Lanes lanes,
            ExchangedVectors memory) {
        this.engine = engine;
        this.batches = batches;
        this.lanes = lanes;
        this.blocks = new Blocks(engine.layout().length());
        int shards = endShard - firstShard;
        this.shardsOfALane = (shards + lanes.count() - 1) / lanes.count();
        List<ShardSpan> spans = new ArrayList<>();
        for (int i = 0; i < lanes.count(); i++) {
            LanePlan plan = LanePlan.of(
                    order,
                    firstShard + (int) ((long) i * shards / lanes.count()),
                    firstShard + (int) ((i + 1L) * shards / lanes.count()));
            Lane lane = new Lane(plan, memory);
            work.add(lane);
            spans.addAll(lane.plan.spans());
            lane.plan.buffersOfSpans().forEach(b -> inputs.add(new TileSum.Slice(lane.buffers.get(b), 0)));
        }
        this.join = order.plan(spans);
        for (int i = 0; i < lanes.count(); i++) {
            sums.add(new TileSum(join, inputs.size()));
        }
    }

    /** The sums that this member makes. */
    List<ShardSpan> spans() {
        return join.spans();
    }

    /** The vectors that hold them after {@link #compute}. */
    List<FlatVector> vectors() {
        return join.remaining().stream()
                .map(r -> inputs.get(r.input()).vector())
                .toList();
    }

    /**
     * Computes the gradients of a step.
     *
     * @param step from 1
     * @param stateHash of the parameters that the engine holds
     */
    Exchange.Contribution compute(long step, long stateHash) {
        long begin = System.nanoTime();
        lanes.run(lane -> work.get(lane).compute(lane, step));
        took((System.nanoTime() - begin) * 1e-9);
        if (!join.additions().isEmpty()) {
            blocks.forEach(
                    lanes, (lane, first, end) -> sums.get(lane).sum(inputs, blocks.start(first), blocks.end(end - 1)));
        }
        long ledger = 0;
        double[] losses = new double[inputs.size()];
        int at = 0;
        for (Lane lane : work) {
            ledger += lane.ledger;
            for (int buffer : lane.plan.buffersOfSpans()) {
                losses[at++] = lane.losses[buffer];
            }
        }
        join.apply(losses);
        double[] remaining = new double[join.remaining().size()];
        for (int i = 0; i < remaining.length; i++) {
            remaining[i] = losses[join.remaining().get(i).input()];
        }
        return new Exchange.Contribution(step, stateHash, ledger, remaining);
    }

    /** The lane with the most shards ends last. */
    private void took(double seconds) {
        double each = seconds / Math.max(1, shardsOfALane);
        shardSeconds = shardSeconds == 0 ? each : shardSeconds + (each - shardSeconds) / STEPS_REMEMBERED;
    }

    /** Time that a shard usually takes a lane; 0 before the first step. */
    double shardSeconds() {
        return shardSeconds;
    }

    @Override
    public void close() {
        work.forEach(lane -> lane.buffers.forEach(FlatVector::free));
    }

    /** One lane's buffers and what it found in the last step. */
    private final class Lane {
        final LanePlan plan;
        final List<FlatVector> buffers = new ArrayList<>();
        final double[] losses;
        final PixelBatch batch;
        final TileSum pair = new TileSum(
                new SumPlan(
                        List.of(new SumPlan.Addition(0, 1)), List.of(new SumPlan.Remainder(0, new ShardSpan(0, 2)))),
                2);
        long ledger;

        Lane(LanePlan plan, ExchangedVectors memory) {
            this.plan = plan;
            for (int i = 0; i < plan.buffers(); i++) {
                long length = engine.layout().length();
                boolean sum = plan.buffersOfSpans().contains(i);
                buffers.add(sum ? memory.zeros(length) : FlatVector.zeros(length));
            }
            losses = new double[plan.buffers()];
            int images = batches.shardImages();
            int channels = engine.shape().channels();
            int tokens = engine.shape().tokens();
            batch = new PixelBatch(images, channels, tokens, new byte[images * channels * tokens]);
        }

        void compute(int lane, long step) {
            ledger = 0;
            for (LanePlan.Work work : plan.work()) {
                ledger += batches.fill(step - 1, work.shard(), batch);
                losses[work.buffer()] = engine.gradient(lane, batch, buffers.get(work.buffer()));
                for (SumPlan.Addition addition : work.then()) {
                    losses[addition.into()] += losses[addition.from()];
                    pair.sum(
                            List.of(
                                    new TileSum.Slice(buffers.get(addition.into()), 0),
                                    new TileSum.Slice(buffers.get(addition.from()), 0)),
                            0,
                            engine.layout().length());
                }
            }
        }
    }
}

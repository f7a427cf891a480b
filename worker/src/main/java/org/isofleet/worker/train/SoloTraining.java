package org.isofleet.worker.train;

import org.isofleet.protocol.metric.StepMetrics;
import org.isofleet.protocol.study.RunSpec;
import org.isofleet.worker.data.ImageSet;
import org.isofleet.worker.data.ShardedBatches;
import org.isofleet.worker.engine.EngineFactory;
import org.isofleet.worker.exchange.ExchangedVectors;
import org.isofleet.worker.exchange.PeerLostException;
import org.isofleet.worker.exchange.SoloExchange;
import org.isofleet.worker.exchange.StateMismatchException;
import org.isofleet.worker.exchange.SumOrder;

/**
 * A run trained step by step on the caller's thread and its lanes, without coordinator, peers or checkpoints: what a benchmark times
 * is what a worker does.
 */
public final class SoloTraining implements AutoCloseable {
    private final Lanes lanes;
    private final TrainingState state;
    private final ShardGradients gradients;
    private final TrainingSession session;

    /**
     * Initialises a run.
     *
     * @param spec the run
     * @param engines make its engine
     * @param images that it is trained on, at its levels and channels; not closed by this
     * @param lanes threads that compute shards
     */
    public SoloTraining(RunSpec spec, EngineFactory engines, ImageSet images, int lanes) {
        this.lanes = new Lanes(lanes, "isofleet-solo");
        this.state = TrainingState.allocate(spec, engines, lanes);
        state.initialise(this.lanes);
        ShardedBatches batches = new ShardedBatches(images, spec.seed(), spec.batch(), spec.virtualShards());
        this.gradients = new ShardGradients(
                state.engine(),
                batches,
                SumOrder.TREE,
                0,
                spec.virtualShards(),
                this.lanes,
                new ExchangedVectors(null));
        this.session = new TrainingSession(
                state,
                new Pass(
                        gradients,
                        new SoloExchange(
                                gradients.vectors().get(0),
                                new GradientNorm(state.engine().layout().length(), this.lanes)::of)),
                null,
                this.lanes,
                (metrics, used) -> {});
    }

    /**
     * Does the next step.
     *
     * @throws IllegalStateException when the loss is no number
     */
    public StepMetrics step() throws InterruptedException {
        try {
            return session.step();
        } catch (TrainingFailure e) {
            throw new IllegalStateException(e.getMessage(), e);
        } catch (PeerLostException | StateMismatchException e) {
            throw new IllegalStateException("a group of one has no peers", e);
        }
    }

    @Override
    public void close() {
        gradients.close();
        state.close();
        lanes.close();
    }
}

package org.isofleet.worker.train;

import org.isofleet.protocol.metric.StepMetrics;
import org.isofleet.protocol.study.RunSpec;
import org.isofleet.worker.exchange.Exchange;
import org.isofleet.worker.exchange.PeerLostException;
import org.isofleet.worker.exchange.StateMismatchException;
import org.isofleet.worker.exchange.StopSignal;
import org.isofleet.worker.exchange.Update;
import org.jspecify.annotations.Nullable;

/**
 * The step loop of one generation: shard gradients, exchange, AdamW, metrics. The state changes only after an exchange is complete, so
 * whatever ends the loop leaves it at a step boundary.
 */
final class TrainingSession {
    /** Told after each step, on the compute thread; {@code used}: what made the state of the one before, valid until it returns. */
    @FunctionalInterface
    interface StepListener {
        void stepped(StepMetrics metrics, Update used);
    }

    private final RunSpec spec;
    private final TrainingState state;
    private final Pass pass;
    private final @Nullable Audit audit;
    private final StepListener listener;
    private final StateOptimizer optimizer;

    /** {@code audit}: null for none. */
    TrainingSession(TrainingState state, Pass pass, @Nullable Audit audit, Lanes lanes, StepListener listener) {
        this.spec = state.spec();
        this.state = state;
        this.pass = pass;
        this.audit = audit;
        this.listener = listener;
        this.optimizer = new StateOptimizer(state, lanes);
    }

    /**
     * Trains to the last step.
     *
     * @throws TrainingFailure when the loss is no number
     * @throws InterruptedException when asked to stop
     */
    void run(StopSignal stop) throws TrainingFailure, PeerLostException, StateMismatchException, InterruptedException {
        while (state.step() < spec.steps()) {
            stop.check();
            var unused = step();
        }
    }

    StepMetrics step() throws TrainingFailure, PeerLostException, StateMismatchException, InterruptedException {
        long begin = System.nanoTime();
        long step = state.step() + 1;
        double tokens = (double) spec.batch() * spec.shape().tokens();

        Exchange.Contribution own = pass.gradients().compute(step, state.hash());
        Exchange.Reduction sum = pass.exchange().reduce(own);
        if (audit != null) {
            audit.check(own, sum);
        }
        double loss = sum.loss() / tokens;
        double meanNorm = sum.norm() / tokens;
        Diverged.check(spec, step, state.hash(), loss, meanNorm);
        double clip = Math.min(1, spec.optimizer().clipNorm() / meanNorm);
        double rate = optimizer.step(sum.gradient(), clip / tokens, sum.ledger());
        StepMetrics metrics = new StepMetrics(step, loss, meanNorm, rate, (System.nanoTime() - begin) * 1e-9);
        listener.stepped(metrics, new Update(step, state.hash(), clip / tokens, sum.ledger(), sum.gradient()));
        return metrics;
    }
}

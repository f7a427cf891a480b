package org.isofleet.worker.train;

import java.util.List;
import org.isofleet.protocol.group.HeldState;
import org.isofleet.protocol.study.RunSpec;
import org.isofleet.worker.checkpoint.CheckpointPipeline;
import org.isofleet.worker.checkpoint.DigestChain;
import org.isofleet.worker.checkpoint.SampleLedger;
import org.isofleet.worker.checkpoint.Snapshot;
import org.isofleet.worker.engine.EngineFactory;
import org.isofleet.worker.engine.FlatVector;
import org.isofleet.worker.engine.GradientDigest;
import org.isofleet.worker.engine.PixelEngine;
import org.isofleet.worker.exchange.Followers;

/**
 * All that a run is at a step boundary: parameters (the engine holds them), both moments, step, ledger, and the chain over its scheduled
 * checkpoints. Used by the compute thread only.
 */
final class TrainingState implements AutoCloseable {
    private final RunSpec spec;
    private final PixelEngine engine;
    private final String gradientDigest;
    private final FlatVector first;
    private final FlatVector second;
    private long step;
    private SampleLedger ledger = SampleLedger.EMPTY;
    private long hash;
    private final CheckpointPipeline checkpoints = new CheckpointPipeline(StateHash::isOf);

    private TrainingState(RunSpec spec, PixelEngine engine) {
        this.spec = spec;
        this.engine = engine;
        this.gradientDigest = GradientDigest.of(engine, spec.shardImages());
        this.first = FlatVector.zeros(engine.layout().length());
        this.second = FlatVector.zeros(engine.layout().length());
    }

    /** Memory for a run; what it holds means nothing until it is initialised, loaded or received. */
    static TrainingState allocate(RunSpec spec, EngineFactory engines, int lanes) {
        return new TrainingState(spec, engines.create(spec.shape(), lanes, spec.shardImages()));
    }

    /** Makes this the state before the first step. */
    void initialise(Lanes lanes) {
        new Initialization(spec.shape(), spec.seed()).fill(engine.parameters());
        first.clear();
        second.clear();
        replaced(0, SampleLedger.EMPTY, DigestChain.EMPTY, lanes);
    }

    /** Takes note that the vectors were overwritten by those of another step, and hashes them. */
    void replaced(long newStep, SampleLedger newLedger, DigestChain newChain, Lanes lanes) {
        engine.parametersChanged();
        step = newStep;
        ledger = newLedger;
        checkpoints.reset(newChain);
        hash = hashOfMemory(lanes);
    }

    /** What {@link #hash} would be if it were taken now: another one if a bit has changed since. */
    long hashOfMemory(Lanes lanes) {
        return StateHash.whole(StateHash.blocksOf(engine.parameters(), first, second, lanes), step, ledger);
    }

    /** Takes note that the optimizer has gone one step further. */
    void advanced(long blockHashes, long ledgerOfStep) {
        engine.parametersChanged();
        step++;
        ledger = ledger.plus(spec.batch(), ledgerOfStep);
        hash = StateHash.whole(blockHashes, step, ledger);
    }

    /** Names the vectors as they are now, for a checkpoint. */
    Snapshot snapshot(long generation) {
        return new Snapshot(spec, generation, step, ledger, hash, engine.parameters(), first, second);
    }

    /** The same for a worker that follows. */
    Followers.State forFollower() {
        return new Followers.State(
                step, hash, ledger, checkpoints.chainLater(), List.of(engine.parameters(), first, second));
    }

    HeldState held(long generation) {
        return new HeldState(spec.id(), generation, step, hash);
    }

    RunSpec spec() {
        return spec;
    }

    PixelEngine engine() {
        return engine;
    }

    FlatVector parameters() {
        return engine.parameters();
    }

    FlatVector first() {
        return first;
    }

    FlatVector second() {
        return second;
    }

    /** What the engine computes here at the run's shapes: members of a group must agree. */
    String gradientDigest() {
        return gradientDigest;
    }

    long step() {
        return step;
    }

    long hash() {
        return hash;
    }

    SampleLedger ledger() {
        return ledger;
    }

    /** Holds the chain over the scheduled checkpoints. */
    CheckpointPipeline checkpoints() {
        return checkpoints;
    }

    @Override
    public void close() {
        try (engine;
                checkpoints) {
            first.free();
            second.free();
        }
    }
}

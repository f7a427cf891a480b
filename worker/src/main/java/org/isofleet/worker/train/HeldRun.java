package org.isofleet.worker.train;

import org.isofleet.protocol.group.HeldState;
import org.isofleet.protocol.study.RunId;
import org.isofleet.protocol.study.RunSpec;
import org.isofleet.worker.engine.EngineFactory;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The one run whose state a worker has in memory, and what is told of that state. Lives on the compute thread, but for {@link #told()}. */
final class HeldRun implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(HeldRun.class);

    private final EngineFactory engines;
    private final int lanes;
    private final CheckpointReports checkpoints;
    private @Nullable TrainingState state;
    private long generation;
    private volatile @Nullable HeldState told;

    HeldRun(EngineFactory engines, int lanes, CheckpointReports checkpoints) {
        this.engines = engines;
        this.lanes = lanes;
        this.checkpoints = checkpoints;
    }

    /** The state that others may go on from; null when there is none, or when it is being overwritten. */
    @Nullable
    HeldState told() {
        return told;
    }

    /** The state of a run, made when there is none; that of any other run is dropped. */
    TrainingState of(RunSpec spec) {
        if (state != null && !state.spec().id().equals(spec.id())) {
            drop();
        }
        TrainingState current = state == null ? TrainingState.allocate(spec, engines, lanes) : state;
        state = current;
        checkpoints.serve(current.checkpoints());
        return current;
    }

    void release(RunId runId) {
        if (state != null && state.spec().id().equals(runId)) {
            drop();
        }
    }

    /** From now on the state is trained in a generation. */
    void serve(long newGeneration) {
        generation = newGeneration;
    }

    /** The state is whole, and what it is now is told. */
    void tell(TrainingState current) {
        told = current.held(generation);
    }

    /** The state is about to be replaced: until it is told again, nobody can go on from it. */
    void overwrite() {
        told = null;
        checkpoints.forget();
    }

    void drop() {
        told = null;
        checkpoints.serve(null);
        TrainingState dropped = state;
        state = null;
        if (dropped != null) {
            try {
                dropped.close();
            } catch (RuntimeException | Error e) {
                LOG.error("memory of {} could not be freed", dropped.spec().id(), e);
            }
        }
    }

    @Override
    public void close() {
        drop();
    }
}

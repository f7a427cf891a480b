package org.isofleet.worker.train;

import org.isofleet.protocol.group.BulkAddress;
import org.isofleet.protocol.group.GroupPlan;
import org.isofleet.protocol.group.HeldState;
import org.isofleet.protocol.group.StartPoint;
import org.isofleet.protocol.study.RunId;
import org.jspecify.annotations.Nullable;

/**
 * The part of a worker that trains: one dedicated compute thread, the bulk port, and at most one run in memory. All calls return
 * at once; what comes of them is told to the {@link TrainingListener}. Calls that name an older generation change nothing.
 */
public interface TrainingHost extends AutoCloseable {
    /**
     * Stops at the next step boundary whatever an older generation does, closes its connections, connects to the peers of this one,
     * and reports {@code GroupPrepared} with the state held of this run, if any.
     */
    void prepare(GroupPlan plan);

    /** Takes parameters from the start point and trains; reports {@code GroupRunning} and what follows. */
    void start(RunId runId, long generation, StartPoint from);

    /** Leaves the run and frees its memory. */
    void release(RunId runId, long generation);

    /** What is in memory now; null when nothing is. */
    @Nullable
    HeldState held();

    /** Where peers connect. */
    BulkAddress bulkAddress();

    /** Tokens a second of this worker over the last steps; 0 when it does not train. */
    double tokensPerSecond();

    @Override
    void close();
}

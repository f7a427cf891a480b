package org.isofleet.worker.train;

import java.util.List;
import org.isofleet.protocol.group.BulkAddress;
import org.isofleet.protocol.group.CheckpointRef;
import org.isofleet.protocol.group.Depot;
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
     * Stops at the next step boundary whatever an older generation does, closes its connections, admits those of this one, and reports
     * {@code GroupPrepared} with the state held of this run, if any, and the digest of a gradient at the run's shapes. Asked again before the
     * start, it reports again. State of another run is dropped. Ends by {@code TrainingFailed} when memory does not suffice.
     */
    void prepare(GroupPlan plan);

    /**
     * Connects to the peers, all of which must be prepared, takes parameters from the start point and trains. Reports {@code GroupRunning}
     * and, on the first member only, {@code CheckpointWritten} or {@code CheckpointFailed} for scheduled checkpoints and
     * {@code TrainingFinished} or {@code CheckpointFailed} for the last; what failed is tried again, and what is stored in the end is reported
     * too. The state stays in memory until released. Ends without the last step by {@code PeerLost} (the state of the last step is kept), {@code TrainingFailed}, or {@code CheckpointUnreadable} when neither the named checkpoint nor one before it can be read;
     * a damaged one falls back to the one before by itself.
     */
    void start(RunId runId, long generation, StartPoint from);

    /**
     * Copies the state of a member of a group that this worker is not in, and keeps up with it until the member stops or a newer group is
     * entered; what it has is told by {@link #held}. Reports {@code FollowingFailed}, and holds nothing, when it cannot. Stops whatever an older
     * generation does.
     *
     * @param patienceMillis how long it may go on when this worker is put into a group with that member
     */
    void follow(GroupPlan plan, String source, long patienceMillis);

    /** Leaves the run and frees its memory. */
    void release(RunId runId, long generation);

    /** Where checkpoints go from now on if their store is not seen here; null: it must be. */
    void depot(@Nullable Depot depot);

    /**
     * Writes the copy of a checkpoint that another member could not write, and reports as that member would have; {@code CheckpointFailed} when
     * it has gone on to the next one.
     */
    void write(RunId runId, long generation, long step);

    /**
     * Deletes the run's checkpoints before those to be kept, and what dead writers have left, if this is the generation that is served; also
     * when it was released since, for the last of them are collected at the end of a run.
     */
    void collect(RunId runId, long generation, List<CheckpointRef> keep);

    /** What is in memory now; null when nothing is. */
    @Nullable
    HeldState held();

    /** Where peers connect. */
    BulkAddress bulkAddress();

    /** Tokens a second of this worker over the last steps; 0 when it does not train. */
    double tokensPerSecond();

    /**
     * Time that a shard's gradient has taken one thread over the last steps, without any wait for others; 0 when it does not train. Shards of a
     * run are all of one shape, so it does not depend on how many a worker holds, on its threads or on the size of its group.
     */
    double shardSeconds();

    @Override
    void close();
}

package org.isofleet.worker.node;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.isofleet.protocol.group.BulkAddress;
import org.isofleet.protocol.group.CheckpointRef;
import org.isofleet.protocol.group.Depot;
import org.isofleet.protocol.group.GroupPlan;
import org.isofleet.protocol.group.HeldState;
import org.isofleet.protocol.group.RunReport.GroupPrepared;
import org.isofleet.protocol.group.StartPoint;
import org.isofleet.protocol.study.RunId;
import org.isofleet.worker.train.TrainingHost;
import org.isofleet.worker.train.TrainingListener;
import org.jspecify.annotations.Nullable;

/** A training host that trains nothing: it remembers its calls and reports what the test says. */
final class ScriptedTraining implements TrainingHost {
    final List<String> calls = new CopyOnWriteArrayList<>();
    volatile @Nullable HeldState held;
    volatile @Nullable Depot depot;
    private final String workerId;
    private final TrainingListener listener;

    ScriptedTraining(String workerId, TrainingListener listener) {
        this.workerId = workerId;
        this.listener = listener;
    }

    TrainingListener listener() {
        return listener;
    }

    @Override
    public void prepare(GroupPlan plan) {
        calls.add("prepare " + plan.generation());
        held = new HeldState(plan.spec().id(), plan.generation(), 0, 42);
        listener.report(new GroupPrepared(plan.spec().id(), plan.generation(), workerId, held, "digest"));
    }

    @Override
    public void follow(GroupPlan plan, String source, long patienceMillis) {
        calls.add("follow " + plan.generation() + " of " + source);
        held = new HeldState(plan.spec().id(), plan.generation(), 7, 42);
    }

    @Override
    public void start(RunId runId, long generation, StartPoint from) {
        calls.add("start " + generation);
    }

    @Override
    public void release(RunId runId, long generation) {
        calls.add("release " + generation);
        held = null;
    }

    @Override
    public void depot(@Nullable Depot newest) {
        depot = newest;
    }

    @Override
    public void write(RunId runId, long generation, long step) {
        calls.add("write " + step);
    }

    @Override
    public void collect(RunId runId, long generation, List<CheckpointRef> keep) {
        calls.add("collect " + generation);
    }

    @Override
    public @Nullable HeldState held() {
        return held;
    }

    @Override
    public BulkAddress bulkAddress() {
        return new BulkAddress("127.0.0.1", 9);
    }

    @Override
    public double tokensPerSecond() {
        return 123;
    }

    @Override
    public double shardSeconds() {
        return 0.25;
    }

    @Override
    public void close() {
        calls.add("close");
    }
}

package org.isofleet.coordinator.simulation;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.isofleet.coordinator.TestPlans;
import org.isofleet.protocol.group.BulkAddress;
import org.isofleet.protocol.group.CheckpointRef;
import org.isofleet.protocol.group.GroupPlan;
import org.isofleet.protocol.group.HeldState;
import org.isofleet.protocol.group.KernelClass;
import org.isofleet.protocol.group.Member;
import org.isofleet.protocol.group.RunReport;
import org.isofleet.protocol.group.StartPoint;
import org.isofleet.protocol.group.WorkerCommand;
import org.isofleet.protocol.group.WorkerProfile;
import org.isofleet.protocol.study.EvaluationKind;
import org.isofleet.protocol.study.RunId;
import org.jspecify.annotations.Nullable;

/** A worker that keeps the protocol and trains nothing: a step is a number, its hash the number again. */
final class SimulatedWorker {
    private static final Duration RETRY = Duration.ofSeconds(5);

    /** How this worker's way to the checkpoints is. */
    enum Disk {
        GOOD,
        FULL,
        HANGING
    }

    final Member member;
    final WorkerProfile profile;
    private final Chaos chaos;
    private final VirtualTime time;
    private final SimulatedDuty duty;
    private final SimulatedDisk disk;
    boolean alive = true;
    /** Whether its heartbeats are all that it does. */
    boolean hung;
    /** Whether everything fails that it is given. */
    boolean sick;

    @Nullable
    GroupPlan plan;

    boolean running;
    /** Whom it follows; null when it is in a group, or free. */
    private @Nullable String source;

    long step = -1;
    private long trainedIn;
    /** Step of the last checkpoint, of which this worker holds a copy. */
    private long copied = -1;

    Disk writing = Disk.GOOD;

    @Nullable
    EvaluationKind evaluating;

    /** What it says to compute at any shape. */
    String gradientDigest = "alike";

    final Map<Long, RunReport> unacknowledged = new TreeMap<>();
    private long sequence;
    private int checkpointsRead;

    SimulatedWorker(
            String id, long incarnation, KernelClass kernelClass, Chaos chaos, VirtualTime time, SimulatedDisk disk) {
        member = new Member(id, incarnation, new BulkAddress("127.0.0.1", 4000));
        profile = new WorkerProfile(member, "localhost", 1, "simulated", 1, 1 << 30, List.of(kernelClass));
        this.chaos = chaos;
        this.time = time;
        duty = new SimulatedDuty(id);
        this.disk = disk;
    }

    String id() {
        return member.workerId();
    }

    int checkpointsRead() {
        return checkpointsRead;
    }

    @Nullable
    HeldState held() {
        return plan == null || step < 0 ? null : new HeldState(plan.spec().id(), trainedIn, step, step);
    }

    void take(WorkerCommand command) {
        if (hung || !duty.admits(command, this::report)) {
            return;
        }
        if (command instanceof WorkerCommand.PrepareGroup prepare) {
            prepare(prepare.plan());
        } else if (command instanceof WorkerCommand.FollowGroup follow) {
            plan = follow.plan();
            source = follow.source();
            running = false;
            step = -1;
        } else if (command instanceof WorkerCommand.StartGroup start) {
            start(start);
        } else if (command instanceof WorkerCommand.ReleaseGroup) {
            leave();
        } else if (command instanceof WorkerCommand.WriteCheckpoint write) {
            GroupPlan mine = plan;
            if (mine != null) {
                write(mine, write.step(), true);
            }
        } else if (command instanceof WorkerCommand.CollectCheckpoints collect) {
            disk.collect(collect);
        } else if (command instanceof WorkerCommand.Evaluate evaluate) {
            evaluate(evaluate);
        }
    }

    private void leave() {
        plan = null;
        source = null;
        running = false;
        step = -1;
    }

    private boolean serves(RunId runId) {
        return plan != null && plan.spec().id().equals(runId);
    }

    private void prepare(GroupPlan to) {
        if (!serves(to.spec().id())) {
            step = -1;
        }
        plan = to;
        source = null;
        running = false;
        report(new RunReport.GroupPrepared(to.spec().id(), to.generation(), id(), held(), gradientDigest));
    }

    private void start(WorkerCommand.StartGroup start) {
        boolean reads = start.from() instanceof StartPoint.FromCheckpoint;
        if (start.from() instanceof StartPoint.FromCheckpoint from) {
            checkpointsRead++;
            if (chaos.happens(time.now(), chaos.failing() / 2)) {
                disk.damage(from.checkpoint());
            }
            Optional<CheckpointRef> whole = disk.read(from.checkpoint());
            if (whole.isEmpty()) {
                report(new RunReport.CheckpointUnreadable(
                        start.runId(), start.generation(), id(), from.checkpoint(), "damaged"));
                return;
            }
            step = whole.get().step();
        } else if (start.from() instanceof StartPoint.FromMember from) {
            step = from.step();
        } else {
            step = 0;
        }
        running = true;
        trainedIn = start.generation();
        report(new RunReport.GroupRunning(start.runId(), start.generation(), id(), step, reads));
    }

    /** One step of the first member's group, if all its members stand in the same generation. */
    void tick(Map<String, SimulatedWorker> others) {
        GroupPlan mine = plan;
        if (!alive || hung || mine == null) {
            return;
        }
        if (source != null) {
            follow(mine, mine.members().get(mine.indexOf(source)), others);
        }
        if (!running || mine.indexOf(id()) != 0) {
            return;
        }
        List<SimulatedWorker> group = new ArrayList<>();
        for (Member peer : mine.members()) {
            SimulatedWorker other = others.get(peer.workerId());
            if (other == null || !other.stands(peer, mine)) {
                running = false;
                report(new RunReport.PeerLost(
                        mine.spec().id(), mine.generation(), id(), peer.workerId(), "connection reset"));
                return;
            }
            if (!other.running || other.hung) {
                return;
            }
            group.add(other);
        }
        if (sick || chaos.happens(time.now(), chaos.failing() / 10)) {
            running = false;
            report(new RunReport.TrainingFailed(mine.spec().id(), mine.generation(), id(), "loss is no number"));
            return;
        }
        step = Math.min(step + 1, mine.spec().steps());
        group.forEach(w -> w.step = step);
        boolean last = step >= mine.spec().steps();
        if (last || step % mine.spec().checkpointEvery() == 0) {
            group.forEach(w -> w.copied = step);
            write(mine, step, true);
        }
        if (last) {
            group.forEach(w -> w.running = false);
        }
    }

    /** Takes the state of the member that it follows, at every step of it. */
    private void follow(GroupPlan mine, Member followed, Map<String, SimulatedWorker> others) {
        SimulatedWorker other = others.get(followed.workerId());
        if (other != null && other.stands(followed, mine) && other.source == null && other.running) {
            if (!other.hung && !chaos.happens(time.now(), chaos.failing() / 4)) {
                step = other.step;
                trainedIn = mine.generation();
            }
        } else if (step < 0) {
            leave();
            report(new RunReport.FollowingFailed(mine.spec().id(), mine.generation(), id(), "connection reset"));
        }
    }

    /** {@code told}: whether a failure is; what is tried again by itself says nothing until it has succeeded. */
    private void write(GroupPlan mine, long asked, boolean told) {
        RunId runId = mine.spec().id();
        CheckpointRef checkpoint = new CheckpointRef(runId, asked, "%064x".formatted(asked), "step-" + asked);
        if (writing == Disk.HANGING || chaos.happens(time.now(), chaos.failing() / 4)) {
            return;
        }
        if (copied != asked || writing == Disk.FULL || chaos.happens(time.now(), chaos.failing() / 4)) {
            boolean retried = copied == asked;
            if (told) {
                report(new RunReport.CheckpointFailed(runId, mine.generation(), id(), asked, "disk full", retried));
            }
            if (retried) {
                time.after(RETRY, () -> writeAgain(mine, asked));
            }
            return;
        }
        disk.write(checkpoint, mine.generation());
        report(
                asked >= mine.spec().steps()
                        ? new RunReport.TrainingFinished(runId, mine.generation(), id(), checkpoint, "c", 1)
                        : new RunReport.CheckpointWritten(runId, mine.generation(), id(), checkpoint));
    }

    private void writeAgain(GroupPlan mine, long asked) {
        if (alive && !hung && serves(mine.spec().id()) && copied == asked) {
            write(mine, asked, false);
        }
    }

    private boolean stands(Member asked, GroupPlan in) {
        return alive
                && member.equals(asked)
                && plan != null
                && plan.spec().id().equals(in.spec().id())
                && plan.generation() == in.generation();
    }

    private void evaluate(WorkerCommand.Evaluate asked) {
        evaluating = asked.kind();
        time.after(Duration.ofMillis(500 + chaos.random().nextInt(2000)), () -> {
            if (!alive) {
                return;
            }
            duty.evaluated();
            evaluating = null;
            RunId runId = asked.spec().id();
            String digest = asked.checkpoint().digest();
            if (sick || chaos.happens(time.now(), chaos.failing())) {
                report(new RunReport.EvaluationFailed(runId, id(), digest, asked.kind(), "out of memory"));
            } else {
                report(new RunReport.EvaluationFinished(runId, id(), digest, TestPlans.result(asked.kind()), 1));
            }
        });
    }

    private void report(RunReport report) {
        duty.reported(report);
        unacknowledged.put(++sequence, report);
    }
}

package org.isofleet.deploy.search;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.isofleet.deploy.search.Worker.Activity;
import org.isofleet.deploy.search.Worker.Copy;
import org.isofleet.protocol.group.CheckpointRef;
import org.isofleet.protocol.group.GroupPlan;
import org.isofleet.protocol.group.Member;
import org.isofleet.protocol.group.RunReport;
import org.isofleet.protocol.group.StartPoint;
import org.isofleet.protocol.group.WorkerCommand;
import org.isofleet.protocol.study.RunId;
import org.isofleet.protocol.study.RunSpec;
import org.isofleet.worker.node.Duty;
import org.jspecify.annotations.Nullable;

/**
 * What a worker does. Which commands it obeys is decided by the production {@link Duty}; what its threads do then follows {@code
 * LocalTrainingHost}, {@code Trainer}, {@code FollowingSession}, {@code StartingState} and {@code CheckpointPipeline}, which compute and cannot be searched.
 */
final class WorkerSide {
    private final RunSpec spec;
    private final RunId runId;
    private final @Nullable Guard removed;

    WorkerSide(RunSpec spec, @Nullable Guard removed) {
        this.spec = spec;
        this.runId = spec.id();
        this.removed = removed;
    }

    /** What one event at one worker comes to. */
    record Turn(Worker worker, Disk disk, List<RunReport> reports) {
        Turn {
            reports = List.copyOf(reports);
        }
    }

    Turn obey(Worker before, Disk disk, WorkerCommand sent) {
        WorkerCommand command = Unguarded.received(removed, before, sent);
        Duty.Turn turn = before.duty().decide(command);
        Worker worker = before.with(turn.next());
        if (turn.decision() instanceof Duty.Refuse refusal) {
            return new Turn(worker, disk, List.of(refusal.report()));
        } else if (!(turn.decision() instanceof Duty.Train)) {
            return new Turn(worker, disk, List.of());
        } else if (command instanceof WorkerCommand.PrepareGroup) {
            RunReport prepared = new RunReport.GroupPrepared(
                    runId, worker.generation(), worker.duty().workerId(), worker.held(runId), "alike");
            return new Turn(worker.doing(Activity.STANDS), disk, List.of(prepared));
        } else if (command instanceof WorkerCommand.FollowGroup follow) {
            GroupPlan plan = follow.plan();
            return new Turn(worker.following(plan.members().get(plan.indexOf(follow.source()))), disk, List.of());
        } else if (command instanceof WorkerCommand.StartGroup start) {
            return new Turn(worker.connecting(start.from()), disk, List.of());
        } else if (command instanceof WorkerCommand.ReleaseGroup) {
            return dropped(worker, disk, null);
        } else if (command instanceof WorkerCommand.WriteCheckpoint write) {
            return writeCopy(worker, disk, write);
        } else if (command instanceof WorkerCommand.CollectCheckpoints collect) {
            return new Turn(worker, disk.collected(collect.generation(), collect.keep()), List.of());
        }
        throw new IllegalStateException("nothing is known of " + command);
    }

    private Turn writeCopy(Worker worker, Disk disk, WorkerCommand.WriteCheckpoint asked) {
        Copy copy = worker.copy();
        boolean right = copy != null && copy.bytes().step() == asked.step();
        if (copy != null && (right || removed == Guard.COPY_STEP)) {
            Bytes bytes = copy.bytes();
            return written(worker, disk, copy.withBytes(new Bytes(asked.step(), bytes.value(), bytes.hash())));
        }
        return new Turn(
                worker,
                disk,
                List.of(new RunReport.CheckpointFailed(
                        runId, asked.generation(), worker.duty().workerId(), asked.step(), "no copy", false)));
    }

    /** The checkpoint that is being written is complete. */
    Turn write(Worker worker, Disk disk) {
        Copy copy = worker.copy();
        return copy == null || !copy.due() ? new Turn(worker, disk, List.of()) : written(worker, disk, copy);
    }

    private Turn written(Worker worker, Disk disk, Copy copy) {
        if (copy.bytes().isChanged() && removed != Guard.COPY_HASH) {
            return notWritten(worker, disk, copy);
        }
        CheckpointRef reference = copy.bytes().checkpoint(runId);
        Disk after = disk.with(reference, copy.bytes(), copy.generation());
        if (!copy.agreed() && removed != Guard.AGREED_FIRST) {
            return new Turn(
                    worker.copying(new Copy(copy.bytes(), copy.generation(), false, false, true)), after, List.of());
        }
        RunReport report = report(worker, copy);
        Worker told = worker.copying(copy.kept());
        return new Turn(told.with(told.duty().reported(report)), after, List.of(report));
    }

    private RunReport report(Worker worker, Copy copy) {
        CheckpointRef reference = copy.bytes().checkpoint(runId);
        String id = worker.duty().workerId();
        return reference.step() == spec.steps()
                ? new RunReport.TrainingFinished(runId, copy.generation(), id, reference, "chain", 0)
                : new RunReport.CheckpointWritten(runId, copy.generation(), id, reference);
    }

    /** The members have agreed on the state before: its checkpoint may be told of. */
    private Turn agreed(Worker worker, Disk disk) {
        Copy copy = worker.copy();
        if (copy == null || copy.agreed()) {
            return new Turn(worker, disk, List.of());
        }
        Worker after = worker.copying(new Copy(copy.bytes(), copy.generation(), copy.due(), true, false));
        return new Turn(after, disk, copy.withheld() ? List.of(report(worker, copy)) : List.of());
    }

    /** The checkpoint that is being written cannot be. */
    Turn notWritten(Worker worker, Disk disk, Copy copy) {
        RunReport report = new RunReport.CheckpointFailed(
                runId, copy.generation(), worker.duty().workerId(), copy.bytes().step(), "disk full", false);
        return new Turn(worker.copying(copy.kept()), disk, List.of(report));
    }

    /** Its memory is freed, once what is being written is; a reason: it says that it failed. */
    Turn dropped(Worker worker, Disk disk, @Nullable String failure) {
        Turn written = write(worker, disk);
        List<RunReport> reports = new ArrayList<>(written.reports());
        Worker after = written.worker().dropped();
        if (failure != null) {
            RunReport failed = new RunReport.TrainingFailed(
                    runId, worker.generation(), worker.duty().workerId(), failure);
            reports.add(failed);
            after = after.with(after.duty().reported(failed));
        }
        return new Turn(after, written.disk(), reports);
    }

    /** Takes the start point, if all peers are there; null while they are not. {@code garbled}: the copy of another's state is. */
    @Nullable
    Turn take(Worker worker, Disk disk, List<Worker> others, boolean garbled) {
        if (worker.activity() != Activity.CONNECTS || worker.from() == null || !allStarted(worker, others)) {
            return null;
        }
        StartPoint from = worker.from();
        if (from instanceof StartPoint.FromCheckpoint start) {
            Optional<Bytes> read = disk.read(start.checkpoint(), removed != Guard.CHECKPOINT_DIGEST);
            if (read.isEmpty()) {
                Turn dropped = dropped(worker, disk, null);
                List<RunReport> reports = new ArrayList<>(dropped.reports());
                reports.add(new RunReport.CheckpointUnreadable(
                        runId, worker.generation(), worker.duty().workerId(), start.checkpoint(), "damaged"));
                return new Turn(dropped.worker(), dropped.disk(), reports);
            }
            return running(worker, disk, read.get(), true);
        } else if (from instanceof StartPoint.FromMember start) {
            return takeFromMember(worker, disk, others, start, garbled);
        }
        return running(worker, disk, Bytes.SEED, false);
    }

    private @Nullable Turn takeFromMember(
            Worker worker, Disk disk, List<Worker> others, StartPoint.FromMember start, boolean garbled) {
        Bytes wanted = Bytes.of(start.step(), start.stateHash());
        if (worker.memory() != null && wanted.equals(worker.memory().asHashed())) {
            return running(worker, disk, worker.memory(), false);
        }
        Worker source = others.stream()
                .filter(o -> o.duty().workerId().equals(start.workerId()))
                .findFirst()
                .orElse(worker);
        if (source.equals(worker) || worker.plan().members().size() == 1) {
            return dropped(worker, disk, "it was to start from what it does not hold");
        } else if (source.memory() == null || source.memory().step() != start.step()) {
            return null;
        }
        Bytes copied = Bytes.of(start.step(), source.bytes().value());
        copied = garbled ? copied.flipped() : copied;
        return copied.equals(wanted) || removed == Guard.HASH_AFTER_COPY
                ? running(worker, disk, copied, false)
                : differing(worker, disk, start.step(), null);
    }

    /**
     * Copies the state of whom it follows or, once it has one, what that member has done since; null while there is nothing to do. It learns
     * of nothing that the member does after it has left the generation. {@code garbled}: what it applies is.
     */
    @Nullable
    Turn follow(Worker worker, Disk disk, List<Worker> others, boolean garbled) {
        Member followed = worker.source();
        if (worker.activity() != Activity.FOLLOWS || followed == null) {
            return null;
        }
        Bytes own = worker.memory();
        Worker source = others.stream()
                .filter(o -> o.duty().workerId().equals(followed.workerId())
                        && o.duty().incarnation() == followed.incarnation())
                .findFirst()
                .orElse(null);
        if (own == null && (source == null || source.generation() != worker.generation())) {
            return notFollowed(worker, disk, "the source has gone");
        }
        if (source == null || source.memory() == null || source.trainedIn() != worker.generation()) {
            return null;
        }
        Bytes theirs = source.bytes();
        boolean begins = own == null && source.activity() == Activity.LOOPS;
        if (!begins && (own == null || theirs.step() <= own.step())) {
            return null;
        }
        Bytes applied = begins ? Bytes.of(theirs.step(), theirs.value()) : theirs.asHashed();
        applied = garbled ? applied.flipped() : applied;
        if (applied.hash() != theirs.hash() && removed != Guard.FOLLOWED_HASH) {
            return notFollowed(worker, disk, "the copied state has another hash");
        }
        Worker after = worker.followed(applied);
        boolean scheduled = theirs.step() % spec.checkpointEvery() == 0 && !begins;
        return new Turn(scheduled && !isWriting(worker) ? copied(after) : after, disk, List.of());
    }

    private static boolean isWriting(Worker worker) {
        return worker.copy() != null && worker.copy().due();
    }

    private Turn notFollowed(Worker worker, Disk disk, String reason) {
        Turn dropped = dropped(worker, disk, null);
        RunReport.FollowingFailed failed = new RunReport.FollowingFailed(
                runId, worker.generation(), worker.duty().workerId(), reason);
        List<RunReport> reports = new ArrayList<>(dropped.reports());
        reports.add(failed);
        Worker after = dropped.worker();
        return new Turn(after.with(after.duty().reported(failed)), dropped.disk(), reports);
    }

    /** It runs; one that is alone and has all steps behind it has the last checkpoint to write only. */
    private Turn running(Worker worker, Disk disk, Bytes bytes, boolean readCheckpoint) {
        Worker running = worker.looping(bytes);
        List<RunReport> reports = new ArrayList<>(List.of(new RunReport.GroupRunning(
                runId, worker.generation(), worker.duty().workerId(), bytes.step(), readCheckpoint)));
        if (bytes.step() < spec.steps() || others(worker.plan(), worker).size() > 0) {
            return new Turn(running, disk, reports);
        }
        Turn before = write(running, disk);
        reports.addAll(before.reports());
        return new Turn(ended(before.worker()), before.disk(), reports);
    }

    /** With a copy of what it holds, which the first member writes. */
    private static Worker copied(Worker worker) {
        return worker.copying(new Copy(worker.bytes(), worker.generation(), worker.index() == 0, false, false));
    }

    /** All steps are made, and the members have agreed on what came of them. */
    private static Worker ended(Worker worker) {
        return worker.copying(new Copy(worker.bytes(), worker.generation(), worker.index() == 0, true, false))
                .doing(Activity.ENDS);
    }

    private static boolean allStarted(Worker worker, List<Worker> others) {
        return others(worker.plan(), worker).stream()
                .allMatch(member -> others.stream()
                        .anyMatch(o -> o.isConnected(member, worker.generation()) && o.activity() != Activity.STANDS));
    }

    private static List<Member> others(GroupPlan plan, Worker worker) {
        return plan.members().stream()
                .filter(m -> !m.workerId().equals(worker.duty().workerId()))
                .toList();
    }

    /** It notices that a peer has gone; null while all are there. {@code inTransfer}: while its own state was overwritten. */
    @Nullable
    Turn noticed(Worker worker, Disk disk, List<Worker> others, boolean inTransfer) {
        return peers(worker).stream()
                .filter(member -> others.stream().noneMatch(o -> o.isConnected(member, worker.generation())))
                .findFirst()
                .map(member -> lost(worker, disk, member.workerId(), inTransfer))
                .orElse(null);
    }

    /** Its connection to a peer breaks; null when it has none. */
    @Nullable
    Turn broken(Worker worker, Disk disk) {
        return peers(worker).stream()
                .findFirst()
                .map(member -> lost(worker, disk, member.workerId(), false))
                .orElse(null);
    }

    /** With whom it shares the group that it connects to or trains in. */
    private static List<Member> peers(Worker worker) {
        boolean joined = worker.activity() == Activity.CONNECTS || worker.activity() == Activity.LOOPS;
        return joined ? others(worker.plan(), worker) : List.of();
    }

    private Turn lost(Worker worker, Disk disk, String peer, boolean inTransfer) {
        Turn turn = inTransfer ? dropped(worker, disk, null) : new Turn(worker.doing(Activity.STANDS), disk, List.of());
        List<RunReport> reports = new ArrayList<>(turn.reports());
        reports.add(
                new RunReport.PeerLost(runId, worker.generation(), worker.duty().workerId(), peer, "reset"));
        return new Turn(turn.worker(), turn.disk(), reports);
    }

    /** One step, or the agreement after the last, if all contributions are there; null while they are not. */
    @Nullable
    Turn step(Worker worker, Disk disk, List<Worker> others) {
        if (worker.activity() != Activity.LOOPS) {
            return null;
        }
        Copy copy = worker.copy();
        long next = worker.bytes().step() + 1;
        boolean scheduled = next >= spec.steps() || next % spec.checkpointEvery() == 0;
        if (scheduled && copy != null && copy.due()) {
            return null;
        }
        List<Worker> peers = others(worker.plan(), worker).stream()
                .flatMap(member -> others.stream()
                        .filter(o -> o.duty().workerId().equals(member.workerId()) && contributes(o, member, worker))
                        .limit(1))
                .toList();
        if (peers.size() + 1 < worker.plan().members().size()) {
            return null;
        }
        List<Worker> beside =
                peers.stream().filter(p -> p.bytes().step() < next).toList();
        if (beside.stream().anyMatch(p -> p.bytes().hash() != worker.bytes().hash())) {
            return differing(worker, disk, worker.bytes().step(), odd(worker, beside));
        }
        if (scheduled && copy != null && copy.bytes().isChanged() && removed != Guard.COPY_HASH) {
            return differing(worker, disk, copy.bytes().step(), worker.duty().workerId());
        }
        if (next > spec.steps()) {
            return new Turn(ended(worker), disk, List.of());
        }
        return stepped(worker, disk, peers, beside, others);
    }

    private Turn stepped(Worker worker, Disk disk, List<Worker> peers, List<Worker> beside, List<Worker> others) {
        long next = worker.bytes().step() + 1;
        boolean audited = worker.plan().audit() > 0 && removed != Guard.AUDIT;
        // Who is ahead has compared what all had contributed; what flips after that goes into the memory alone.
        boolean compared = beside.size() < peers.size();
        if (audited && !compared) {
            Turn differing = audit(worker, disk, beside);
            if (differing != null) {
                return differing;
            }
        }
        long gradients = audited ? worker.gradientsOf(worker.bytes().asHashed()) : worker.gradients();
        for (Worker peer : peers) {
            Long spoiled = peer.spoiled();
            gradients += beside.contains(peer)
                    ? peer.gradients()
                    : spoiled != null
                            ? spoiled
                            : peer.gradientsOf(worker.bytes().asHashed());
        }
        if (removed == Guard.FOLLOWER_SHARES) {
            gradients += others.stream()
                    .filter(o ->
                            o.activity() == Activity.FOLLOWS && worker.bytes().equals(o.memory()))
                    .mapToLong(o -> o.bytes().gradients(0, 1))
                    .sum();
        }
        Turn told = agreed(worker.stepped(worker.bytes().stepped(gradients)), disk);
        Worker after = told.worker();
        if (next == spec.steps() && (peers.isEmpty() || removed == Guard.AGREED_FIRST)) {
            after = ended(after);
        } else if (next < spec.steps() && next % spec.checkpointEvery() == 0) {
            after = copied(after);
        }
        return new Turn(after, told.disk(), told.reports());
    }

    /** What computing the step again comes to: null when all is alike. */
    private @Nullable Turn audit(Worker worker, Disk disk, List<Worker> peers) {
        List<Worker> all = new ArrayList<>(peers);
        all.add(worker);
        List<Worker> changed = all.stream().filter(m -> m.bytes().isChanged()).toList();
        if (!changed.isEmpty()) {
            return differing(
                    worker,
                    disk,
                    worker.bytes().step(),
                    changed.size() == 1 ? changed.get(0).duty().workerId() : null);
        }
        List<Worker> garbled = all.stream().filter(Worker::garbled).toList();
        boolean isTold = garbled.size() == 1 && all.size() > 1; // of two: it contradicts itself
        return garbled.isEmpty()
                ? null
                : differing(
                        worker,
                        disk,
                        worker.bytes().step() + 1,
                        isTold ? garbled.get(0).duty().workerId() : null);
    }

    /** Of three or more, the only one that has another hash. */
    private static @Nullable String odd(Worker worker, List<Worker> peers) {
        List<Worker> all = new ArrayList<>(peers);
        all.add(worker);
        List<String> odd = all.stream()
                .filter(m -> all.stream()
                                .filter(o -> o.bytes().hash() == m.bytes().hash())
                                .count()
                        == 1)
                .map(m -> m.duty().workerId())
                .toList();
        return all.size() > 2 && odd.size() == 1 ? odd.get(0) : null;
    }

    /** Members have other bits: it drops what it holds and says so. */
    private Turn differing(Worker worker, Disk disk, long step, @Nullable String culprit) {
        Turn dropped = dropped(worker, disk, null);
        List<RunReport> reports = new ArrayList<>(dropped.reports());
        RunReport differ = new RunReport.StatesDiffer(
                runId, worker.generation(), worker.duty().workerId(), step, culprit, "bits differ");
        reports.add(differ);
        Worker after = dropped.worker();
        return new Turn(after.with(after.duty().reported(differ)), dropped.disk(), reports);
    }

    private boolean contributes(Worker other, Member member, Worker to) {
        long generation = removed == Guard.BULK_GENERATION ? other.generation() : to.generation();
        boolean ahead =
                other.memory() != null && other.bytes().step() == to.bytes().step() + 1;
        boolean agrees = other.memory() != null && to.bytes().step() == spec.steps();
        return other.isConnected(member, generation)
                && other.duty().group() != null
                && (other.activity() == Activity.LOOPS || (other.activity() == Activity.ENDS && (ahead || agrees)))
                && (ahead || other.bytes().step() == to.bytes().step());
    }

    /** Bits flip: each way in which that may be, by a name. */
    Map<String, Worker> flips(Worker worker, List<Worker> others) {
        Map<String, Worker> flips = new TreeMap<>();
        Copy copy = worker.copy();
        Bytes memory = worker.memory();
        if (worker.duty().group() == null
                || worker.activity() == Activity.FOLLOWS
                || memory == null
                || others(worker.plan(), worker).isEmpty()) {
            return flips; // nobody could notice
        }
        boolean isHashed = worker.activity() == Activity.ENDS
                || others.stream()
                        .anyMatch(o -> o.generation() == worker.generation()
                                && o.memory() != null
                                && (o.bytes().step() > memory.step() || o.activity() == Activity.ENDS));
        if (!isHashed) { // by those who have compared it
            flips.put("before its hash", worker.holding(memory.flipped()));
        }
        flips.put("after its hash", worker.holding(memory.changed()));
        if (copy != null && !copy.withheld()) {
            flips.put("in its copy", worker.copying(copy.withBytes(copy.bytes().changed())));
        }
        if (copy != null && copy.bytes().equals(memory) && !copy.withheld() && !copy.agreed()) {
            flips.put(
                    "between hash and copy",
                    worker.holding(memory.changed()).copying(copy.withBytes(memory.changed())));
            if (!isHashed) {
                flips.put(
                        "before hash and copy",
                        worker.holding(memory.flipped()).copying(copy.withBytes(memory.flipped())));
            }
        }
        return flips;
    }
}

package org.isofleet.coordinator.run;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.isofleet.metrics.live.LiveEvent;
import org.isofleet.protocol.group.HeldState;
import org.isofleet.protocol.group.KernelClass;
import org.isofleet.protocol.group.Member;
import org.isofleet.protocol.group.StartPoint;
import org.isofleet.protocol.group.WorkerCommand;
import org.isofleet.protocol.run.GenerationCause;
import org.isofleet.protocol.run.GroupHistory;
import org.isofleet.protocol.run.RunEvent;
import org.isofleet.protocol.run.RunOutcome;
import org.isofleet.protocol.run.Staffing;
import org.jspecify.annotations.Nullable;

/** How a run's group is formed, kept and replaced. */
final class GroupRules {
    private GroupRules() {}

    /** Acts on what is known now. */
    static void advance(RunTurn turn) {
        if (turn.phase instanceof RunPhase.BackingOff
                && turn.history().retryAt() != null
                && !turn.now.isBefore(turn.history().retryAt())) {
            turn.phase = new RunPhase.Waiting(null);
        }
        if (turn.phase instanceof RunPhase.Waiting waiting) {
            form(turn, waiting);
        } else if (turn.phase instanceof RunPhase.Preparing preparing) {
            prepare(turn, preparing);
        } else if (turn.phase instanceof RunPhase.Training training) {
            train(turn, training);
        }
    }

    private static void form(RunTurn turn, RunPhase.Waiting waiting) {
        List<Staffing.Seat> usable = usable(turn);
        if (usable.isEmpty()) {
            turn.phase = new RunPhase.Waiting(null);
            return;
        }
        GroupHistory group = turn.history().group();
        boolean first = group.generation() == 0;
        if (first && usable.size() < turn.order().workersWanted()) {
            var until = waiting.gatherUntil() == null ? turn.now.plus(turn.pace.gather()) : waiting.gatherUntil();
            if (turn.now.isBefore(until)) {
                turn.phase = new RunPhase.Waiting(until);
                return;
            }
        }
        if (first) {
            begin(turn, usable, GenerationCause.FIRST, "");
        } else if (group.open() && !group.trustsMemory(group.generation())) {
            begin(turn, usable, GenerationCause.DIFFERED, "members came to different bits");
        } else if (group.open()) {
            begin(turn, usable, GenerationCause.LOST, "all members were lost");
        } else if (turn.history().resumption().isPresent()) {
            String words = turn.history().resumption().get().words();
            begin(turn, usable, GenerationCause.RESUMED, words);
        } else {
            String failure = turn.history().lastFailure();
            begin(
                    turn,
                    usable,
                    GenerationCause.RETRY,
                    failure == null ? "the journal was restored" : "retry after: " + failure);
        }
    }

    private static void prepare(RunTurn turn, RunPhase.Preparing preparing) {
        if (regroupedForLoss(turn)) {
            return;
        }
        List<Member> missing = missing(turn, preparing.prepared().keySet());
        if (missing.isEmpty()) {
            List<Member> strangers = KernelRules.strangers(turn, preparing);
            if (strangers.isEmpty()) {
                start(turn, preparing);
            } else {
                KernelRules.exclude(turn, strangers);
            }
        } else if (!turn.now.isBefore(preparing.deadline())) {
            dropMissing(turn, missing, "did not prepare in time");
        } else if (!turn.now.isBefore(preparing.resendAt())
                && resend(turn, missing, new WorkerCommand.PrepareGroup(turn.plan()))) {
            turn.phase = new RunPhase.Preparing(
                    preparing.prepared(), preparing.deadline(), turn.now.plus(turn.pace.resend()));
        }
    }

    private static void train(RunTurn turn, RunPhase.Training training) {
        if (regroupedForLoss(turn)) {
            return;
        }
        StartPoint from = turn.history().group().start();
        if (from == null) {
            throw new IllegalStateException("a group that trains was started");
        }
        RunPhase.Training known = training;
        List<Staffing.Seat> seats = turn.staffing.group().stream()
                .filter(seat -> isMember(turn, seat)) // who follows holds the same and does not run
                .toList();
        for (Staffing.Seat seat : seats) {
            if (hasStarted(turn, seat.held())) {
                known = known.with(seat.workerId());
            } else if (known.running().contains(seat.workerId())) {
                // It serves something else: a command of long ago may have reached it late.
                known = known.without(seat.workerId(), turn.now.plus(startTimeout(turn)));
            }
        }
        turn.phase = known;
        List<Member> missing = missing(turn, known.running());
        if (missing.isEmpty()) {
            if (!known.announced()) {
                known = known.announce();
                turn.phase = known;
                turn.publishState(LiveEvent.RunState.TRAINING, null);
            }
            resize(turn, known);
        } else if (!turn.now.isBefore(known.deadline())) {
            dropMissing(turn, missing, "did not start in time");
        } else if (!turn.now.isBefore(training.resendAt()) && resend(turn, missing, startCommand(turn, from))) {
            turn.phase = known.resentUntil(turn.now.plus(turn.pace.resend()));
        }
    }

    private static boolean isMember(RunTurn turn, Staffing.Seat seat) {
        return turn.history().group().members().stream().anyMatch(m -> seat.is(m.workerId(), m.incarnation()));
    }

    /** Takes in who is free, as soon as nobody has to wait for it, and goes on with fewer when the group was faster so. */
    private static void resize(RunTurn turn, RunPhase.Training training) {
        int members = turn.history().group().members().size();
        List<Staffing.Seat> usable = usable(turn);
        boolean grows = usable.size() > members;
        List<Staffing.Seat> newcomers =
                usable.stream().filter(seat -> grows && !isMember(turn, seat)).toList();
        boolean ready = FollowRules.areReady(turn, training, newcomers);
        if (grows && ready) {
            begin(turn, usable, GenerationCause.JOINED, "a free worker joins");
        } else if (!grows && members > GrowthRules.most(turn) && !usable.isEmpty()) {
            begin(
                    turn,
                    usable,
                    GenerationCause.GIVEN_BACK,
                    "%d workers are slower than %d".formatted(members, usable.size()));
        }
    }

    /**
     * Whether a worker trains in the newest generation: what it holds is of the generation that it last trained in. A heartbeat of before
     * its report may come after it and take it back; the next one, half a second later, puts that right however long a step takes.
     */
    private static boolean hasStarted(RunTurn turn, @Nullable HeldState held) {
        return held != null
                && held.runId().equals(turn.history().runId())
                && held.generation() == turn.history().generation();
    }

    /** How long a worker may take to load or copy its parameters. */
    static Duration startTimeout(RunTurn turn) {
        return turn.order().policy().prepareTimeout().multipliedBy(turn.pace.startTimeouts());
    }

    static long step(StartPoint from) {
        if (from instanceof StartPoint.FromMember member) {
            return member.step();
        } else if (from instanceof StartPoint.FromCheckpoint checkpoint) {
            return checkpoint.checkpoint().step();
        }
        return 0;
    }

    private static WorkerCommand startCommand(RunTurn turn, StartPoint from) {
        return new WorkerCommand.StartGroup(
                turn.history().runId(), turn.history().generation(), from);
    }

    /** Sends to those who can be reached; whether there was one. */
    private static boolean resend(RunTurn turn, List<Member> missing, WorkerCommand command) {
        List<Member> reachable = missing.stream()
                .filter(m -> turn.staffing.group().stream().anyMatch(s -> s.is(m.workerId(), m.incarnation())))
                .toList();
        reachable.forEach(member -> turn.command(member, command));
        return !reachable.isEmpty();
    }

    private static List<Member> missing(RunTurn turn, Set<String> reported) {
        return turn.history().group().members().stream()
                .filter(m -> !reported.contains(m.workerId()))
                .toList();
    }

    private static boolean regroupedForLoss(RunTurn turn) {
        for (Member member : turn.history().group().members()) {
            boolean lost = turn.staffing
                    .seat(member.workerId())
                    .map(seat -> !seat.is(member.workerId(), member.incarnation()))
                    .orElse(turn.staffing.epoch() > 0 && !turn.now.isBefore(turn.graceUntil));
            if (lost) {
                regroup(turn, GenerationCause.LOST, "worker " + member.workerId() + " was lost");
                return true;
            }
        }
        return regroupedForOthers(turn);
    }

    /** Goes on without a member that a waiting run needs more, or that is too slow. */
    private static boolean regroupedForOthers(RunTurn turn) {
        for (Member member : turn.history().group().members()) {
            if (turn.staffing.seat(member.workerId()).stream().anyMatch(Staffing.Seat::askedBack)) {
                regroup(
                        turn,
                        GenerationCause.GIVEN_BACK,
                        "worker " + member.workerId() + " is given back: a run waits for it, it is slow, or it leaves");
                return true;
            }
        }
        return false;
    }

    private static void dropMissing(RunTurn turn, List<Member> missing, String what) {
        if (missing.size() < turn.history().group().members().size()) {
            missing.forEach(turn::hang);
            turn.captureStacks(missing, "it " + what);
        }
        String who = String.join(", ", missing.stream().map(Member::workerId).toList());
        regroup(turn, GenerationCause.MISSING, "worker " + who + " " + what);
    }

    /** A new generation of those who are left, or none while nobody is. */
    static void regroup(RunTurn turn, GenerationCause cause, String reason) {
        List<Staffing.Seat> usable = usable(turn);
        if (usable.isEmpty()) {
            turn.phase = new RunPhase.Waiting(null);
            turn.publishState(LiveEvent.RunState.WAITING, reason);
        } else {
            begin(turn, usable, cause, reason);
        }
    }

    /** The workers that could be the next group: members before newcomers, of one kernel class, none in doubt or asked back. */
    private static List<Staffing.Seat> usable(RunTurn turn) {
        List<Staffing.Seat> seats = new ArrayList<>();
        for (Member member : turn.history().group().members()) {
            turn.staffing.group().stream()
                    .filter(s -> s.is(member.workerId(), member.incarnation()))
                    .forEach(seats::add);
        }
        turn.staffing.group().stream().filter(s -> !seats.contains(s)).forEach(seats::add);
        seats.removeIf(s -> turn.isSuspect(s.member()) || s.askedBack());
        if (turn.order().spec().exact() && !seats.isEmpty()) {
            KernelClass pinned = turn.kernelClass();
            KernelClass kernelClass = pinned == null ? seats.get(0).kernelClass() : pinned;
            seats.removeIf(s -> !s.kernelClass().equals(kernelClass));
        }
        return seats.subList(0, Math.min(seats.size(), GrowthRules.most(turn)));
    }

    private static void begin(RunTurn turn, List<Staffing.Seat> seats, GenerationCause cause, String reason) {
        long reached = Math.max(turn.reachedStep, turn.history().committedStep());
        int idle = turn.history().group().idleAfter(cause, reached);
        if (idle > turn.pace.idlePerAttempt() * turn.order().policy().attempts()) {
            turn.settle(
                    RunOutcome.PARKED,
                    "no step beyond %d in %d generations; the last began because %s".formatted(reached, idle, reason));
            return;
        }
        turn.persist(new RunEvent.GenerationBegun(
                turn.now,
                turn.history().generation() + 1,
                seats.stream().map(Staffing.Seat::member).toList(),
                seats.get(0).kernelClass(),
                cause,
                reason.isEmpty() ? null : reason,
                reached,
                turn.trainSeconds(),
                turn.history().group().differences() >= turn.pace.differencesUnaudited()));
        Duration timeout = turn.order().policy().prepareTimeout();
        turn.phase = new RunPhase.Preparing(Map.of(), turn.now.plus(timeout), turn.now.plus(turn.pace.resend()));
        WorkerCommand prepare = new WorkerCommand.PrepareGroup(turn.plan());
        turn.history().group().members().forEach(member -> turn.command(member, prepare));
    }

    private static void start(RunTurn turn, RunPhase.Preparing preparing) {
        StartPoint from = StartRules.from(turn, preparing);
        turn.persist(new RunEvent.GenerationStarted(
                turn.now, turn.history().generation(), from, KernelRules.gradientDigest(turn, preparing)));
        turn.reachedStep = Math.max(turn.reachedStep, step(from));
        turn.phase = RunPhase.Training.beginning(
                turn.now.plus(startTimeout(turn)), turn.now.plus(turn.pace.resend()), turn.now);
        turn.history().group().members().forEach(member -> turn.command(member, startCommand(turn, from)));
    }
}

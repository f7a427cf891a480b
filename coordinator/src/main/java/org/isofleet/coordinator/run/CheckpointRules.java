package org.isofleet.coordinator.run;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.isofleet.protocol.group.CheckpointRef;
import org.isofleet.protocol.group.HeldState;
import org.isofleet.protocol.group.Member;
import org.isofleet.protocol.group.RunReport;
import org.isofleet.protocol.group.WorkerCommand;
import org.isofleet.protocol.run.RunEvent;
import org.isofleet.protocol.run.Staffing;
import org.isofleet.protocol.study.RunSpec;
import org.jspecify.annotations.Nullable;

/**
 * Who writes checkpoints, which of them counts, and who deletes those that do not count any more.
 *
 * <p>The first member writes. When it cannot, or takes too long, the others are asked one after the other: each holds a copy until the next
 * scheduled checkpoint, and from then on that one is what counts. Members whose store refuses a checkpoint try again by themselves, and what they
 * write in the end counts. An attempt fails for want of a checkpoint only when no member has written the last one for long.
 *
 * <p>The member that wrote the newest deletes the older ones. The journal keeps the last two, so that a damaged one costs the steps
 * since the one before.
 */
final class CheckpointRules {
    private CheckpointRules() {}

    /** Acts on what is known now. */
    static void advance(RunTurn turn) {
        if (!(turn.phase instanceof RunPhase.Training training)) {
            return;
        }
        PendingCheckpoint pending = training.pending();
        long due = Math.max(due(turn), pending == null ? 0 : pending.step());
        if (due <= turn.history().committedStep()) {
            turn.phase = training.awaiting(null);
        } else if (pending == null || pending.step() < due) {
            turn.phase = training.awaiting(PendingCheckpoint.of(due, turn.now.plus(turn.pace.write())));
        } else if (!turn.now.isBefore(pending.askAt())) {
            overdue(turn, training, pending);
        }
    }

    private static void overdue(RunTurn turn, RunPhase.Training training, PendingCheckpoint pending) {
        List<Member> members = turn.history().group().members();
        if (pending.next(members).isPresent()) {
            turn.warn("the checkpoint of step %d was not written within %d s"
                    .formatted(pending.step(), turn.pace.write().toSeconds()));
            handOver(turn, training, pending);
        } else if (pending.step() >= turn.order().spec().steps()) {
            ReportRules.attemptFailed(turn, members.get(pending.writer()).workerId(), pending.reason());
        }
    }

    /** The last step with a checkpoint that the newest generation has done, as far as heartbeats tell. */
    private static long due(RunTurn turn) {
        RunSpec spec = turn.order().spec();
        long reached = turn.staffing.group().stream()
                .map(Staffing.Seat::held)
                .filter(held -> held != null
                        && held.runId().equals(turn.history().runId())
                        && held.generation() == turn.history().generation())
                .mapToLong(HeldState::step)
                .max()
                .orElse(0);
        return reached >= spec.steps() ? spec.steps() : reached / spec.checkpointEvery() * spec.checkpointEvery();
    }

    /** A member could not write a checkpoint, or holds no copy of it. */
    static void failed(RunTurn turn, RunInput.Reported input, RunReport.CheckpointFailed report) {
        turn.warn("worker %s could not write the checkpoint of step %d: %s"
                .formatted(report.workerId(), report.step(), report.reason()));
        boolean member = turn.history().group().members().stream()
                .anyMatch(m -> m.workerId().equals(input.workerId()) && m.incarnation() == input.incarnation());
        if (!member
                || !(turn.phase instanceof RunPhase.Training training)
                || report.step() <= turn.history().committedStep()) {
            return;
        }
        PendingCheckpoint known = training.pending();
        if (known != null && known.step() > report.step()) {
            return; // the group has passed the next one
        }
        PendingCheckpoint pending =
                known == null || known.step() < report.step() ? PendingCheckpoint.of(report.step(), turn.now) : known;
        PendingCheckpoint left = pending.without(report);
        List<Member> members = turn.history().group().members();
        if (left.next(members).isPresent()) {
            handOver(turn, training, left);
        } else if (report.step() >= turn.order().spec().steps() && !left.retried()) {
            ReportRules.attemptFailed(turn, report.workerId(), report.reason());
        } else {
            // Who tries again tells of each failure that it was asked for: the wait begins with the first.
            Instant until = pending.next(members).isPresent() ? turn.now.plus(turn.pace.lastWrite()) : pending.askAt();
            turn.phase = training.awaiting(left.askedOf(left.writer(), until));
        }
    }

    private static void handOver(RunTurn turn, RunPhase.Training training, PendingCheckpoint pending) {
        List<Member> members = turn.history().group().members();
        int writer = pending.next(members).orElseThrow();
        turn.command(
                members.get(writer),
                new WorkerCommand.WriteCheckpoint(
                        turn.history().runId(), turn.history().generation(), pending.step()));
        turn.phase = training.awaiting(pending.askedOf(writer, turn.now.plus(turn.pace.write())));
    }

    /** A checkpoint is on disk. */
    static void written(RunTurn turn, RunReport.CheckpointWritten report) {
        CheckpointRef checkpoint = report.checkpoint();
        if (turn.history().completed() != null || turn.history().settled() != null) {
            return;
        }
        if (checkpoint.step() <= turn.history().committedStep()) {
            warnOfDifference(turn, checkpoint);
            return;
        }
        if (!turn.history().group().trustsCheckpoint(report.generation(), checkpoint.step())) {
            turn.warn("the checkpoint of step %d was written from memory in doubt and does not count"
                    .formatted(checkpoint.step()));
            return;
        }
        DivergenceRules.passed(turn, checkpoint.step());
        turn.persist(new RunEvent.CheckpointCommitted(turn.now, report.generation(), checkpoint, turn.trainSeconds()));
        turn.reachedStep = Math.max(turn.reachedStep, checkpoint.step());
        if (turn.phase instanceof RunPhase.Training training) {
            turn.phase = training.countedUntil(turn.now);
        }
        collect(turn, collector(turn, report.workerId()));
    }

    /** The last checkpoint is on disk: training is over. */
    static void finished(RunTurn turn, RunReport.TrainingFinished report) {
        if (turn.history().settled() != null || turn.history().completed() != null) {
            warnOfDifference(turn, report.checkpoint());
            return;
        }
        if (!turn.history()
                .group()
                .trustsCheckpoint(report.generation(), report.checkpoint().step())) {
            turn.warn("the last checkpoint was written from memory in doubt and does not count");
            return;
        }
        Member collector = collector(turn, report.workerId());
        List<Member> members = turn.history().group().members();
        DivergenceRules.passed(turn, report.checkpoint().step());
        turn.persist(new RunEvent.TrainingCompleted(
                turn.now, report.generation(), report.checkpoint(), report.chain(), turn.trainSeconds()));
        collect(turn, collector); // before it is released: it collects for the generation that it serves
        turn.release(members);
        turn.phase = new RunPhase.Evaluating(Map.of());
    }

    private static @Nullable Member collector(RunTurn turn, String writer) {
        List<Member> members = turn.history().group().members();
        return members.stream()
                .filter(m -> m.workerId().equals(writer))
                .findFirst()
                .orElse(members.isEmpty() ? null : members.get(0));
    }

    private static void collect(RunTurn turn, @Nullable Member collector) {
        if (collector != null) {
            turn.command(
                    collector,
                    new WorkerCommand.CollectCheckpoints(
                            turn.history().runId(),
                            turn.history().generation(),
                            turn.history().needed()));
        }
    }

    private static void warnOfDifference(RunTurn turn, CheckpointRef checkpoint) {
        turn.history().needed().stream()
                .filter(c -> c.step() == checkpoint.step() && !c.digest().equals(checkpoint.digest()))
                .forEach(c -> turn.warn("two checkpoints of step %d differ: %s counts, %s does not"
                        .formatted(c.step(), c.digest(), checkpoint.digest())));
    }

    /** A checkpoint cannot be read, nor one before it: if it counted, it does no longer. */
    static void unreadable(RunTurn turn, RunReport.CheckpointUnreadable report) {
        boolean counted = turn.history().completed() == null
                && turn.history().settled() == null
                && turn.history().needed().contains(report.checkpoint());
        if (counted) {
            turn.persist(new RunEvent.CheckpointDiscarded(turn.now, report.checkpoint(), report.reason()));
            turn.reachedStep = turn.history().committedStep();
        }
    }
}

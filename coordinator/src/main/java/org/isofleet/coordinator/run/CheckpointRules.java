package org.isofleet.coordinator.run;

import java.util.List;
import org.isofleet.protocol.group.CheckpointRef;
import org.isofleet.protocol.group.Member;
import org.isofleet.protocol.group.RunReport;
import org.isofleet.protocol.group.WorkerCommand;
import org.isofleet.protocol.run.RunEvent;
import org.jspecify.annotations.Nullable;

/**
 * Which checkpoint counts, and who deletes those that do not count any more: the member that wrote the newest, else the first of the
 * group. The journal keeps the last two, so that a damaged one costs the steps since the one before.
 */
final class CheckpointRules {
    private CheckpointRules() {}

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
        Member collector = collector(turn, report.workerId());
        List<Member> members = turn.history().group().members();
        turn.persist(new RunEvent.TrainingCompleted(
                turn.now, report.generation(), report.checkpoint(), report.chain(), turn.trainSeconds()));
        collect(turn, collector); // before it is released: it collects for the generation that it serves
        turn.release(members);
        turn.phase = new RunPhase.Evaluating(java.util.Map.of());
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

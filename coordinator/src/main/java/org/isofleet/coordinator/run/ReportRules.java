package org.isofleet.coordinator.run;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.isofleet.protocol.group.Divergence;
import org.isofleet.protocol.group.Member;
import org.isofleet.protocol.group.RunReport;
import org.isofleet.protocol.group.StartPoint;
import org.isofleet.protocol.group.WorkerCommand;
import org.isofleet.protocol.run.GenerationCause;
import org.isofleet.protocol.run.RunEvent;
import org.isofleet.protocol.run.RunOutcome;
import org.isofleet.protocol.study.RunPolicy;
import org.jspecify.annotations.Nullable;

/**
 * What a worker's report changes. Each rule asks whether the report is still news, so duplicates and latecomers change nothing. A
 * checkpoint or an end of training counts whichever generation it comes from: the bytes of a step do not depend on it.
 */
final class ReportRules {
    private ReportRules() {}

    static void absorb(RunTurn turn, RunInput.Reported input) {
        if (!turn.isOrdered()) {
            return;
        }
        RunReport report = input.report();
        RestoredRules.reported(turn, report);
        if (report instanceof RunReport.GroupPrepared prepared) {
            if (isMember(turn, input, prepared.generation())) {
                prepared(turn, prepared);
            }
        } else if (report instanceof RunReport.GroupRunning running) {
            if (isMember(turn, input, running.generation())) {
                running(turn, running);
            }
        } else if (report instanceof RunReport.FollowingFailed failed) {
            FollowRules.failed(turn, input, failed);
        } else if (report instanceof RunReport.CheckpointWritten written) {
            CheckpointRules.written(turn, written);
        } else if (report instanceof RunReport.CheckpointFailed failed) {
            CheckpointRules.failed(turn, input, failed);
        } else if (report instanceof RunReport.TrainingFinished finished) {
            CheckpointRules.finished(turn, finished);
        } else if (report instanceof RunReport.PeerLost lost) {
            if (isMember(turn, input, lost.generation())) {
                peerLost(turn, lost);
            }
        } else if (report instanceof RunReport.TrainingFailed failed) {
            if (isMember(turn, input, failed.generation())) {
                failed(turn, failed);
            }
        } else if (report instanceof RunReport.StatesDiffer differ) {
            DoubtRules.differ(turn, differ);
        } else if (report instanceof RunReport.CheckpointUnreadable unreadable) {
            unreadable(turn, input, unreadable);
        } else {
            EvaluationRules.absorb(turn, input);
        }
    }

    /** Whether a member of the newest generation speaks of that generation; a stranger is told to leave. */
    private static boolean isMember(RunTurn turn, RunInput.Reported input, long generation) {
        Optional<Member> member = turn.history().group().members().stream()
                .filter(m -> m.workerId().equals(input.workerId()) && m.incarnation() == input.incarnation())
                .findFirst();
        if (member.isEmpty()
                && generation <= turn.history().generation()
                && !isKept(turn, input)
                && !RestoredRules.isWelcome(turn, generation)) {
            turn.command(
                    input.workerId(),
                    input.incarnation(),
                    new WorkerCommand.ReleaseGroup(turn.history().runId(), generation));
        }
        return member.isPresent()
                && turn.history().group().open()
                && generation == turn.history().generation();
    }

    /** Whether the next attempt may go on from what a worker holds. */
    private static boolean isKept(RunTurn turn, RunInput.Reported input) {
        return turn.keepsMembers()
                && turn.staffing.group().stream().anyMatch(s -> s.is(input.workerId(), input.incarnation()));
    }

    private static void prepared(RunTurn turn, RunReport.GroupPrepared report) {
        if (turn.phase instanceof RunPhase.Preparing preparing) {
            Map<String, RunReport.GroupPrepared> prepared = new HashMap<>(preparing.prepared());
            prepared.put(report.workerId(), report);
            turn.phase = new RunPhase.Preparing(prepared, preparing.deadline(), preparing.resendAt());
        }
    }

    private static void running(RunTurn turn, RunReport.GroupRunning report) {
        turn.reachedStep = Math.max(turn.reachedStep, report.step());
        if (turn.phase instanceof RunPhase.Training training
                && !training.running().contains(report.workerId())) {
            if (report.readCheckpoint()) {
                turn.warn("worker %s read the checkpoint of step %d".formatted(report.workerId(), report.step()));
            }
            turn.phase = training.with(report.workerId());
        }
    }

    private static void peerLost(RunTurn turn, RunReport.PeerLost report) {
        turn.history().group().members().stream()
                .filter(m -> m.workerId().equals(report.lostWorkerId()))
                .forEach(m -> doubt(turn, report, m));
        GroupRules.regroup(
                turn,
                GenerationCause.LOST,
                "%s lost its connection to %s: %s"
                        .formatted(report.workerId(), report.lostWorkerId(), report.reason()));
    }

    /** A worker that is lost before a step was made, time after time, is alive; but these two cannot reach each other. */
    private static void doubt(RunTurn turn, RunReport.PeerLost report, Member lost) {
        StartPoint from = turn.history().group().start();
        boolean madeSteps = from != null && turn.reachedStep > GroupRules.step(from);
        Setback setback = turn.sever(WorkerPair.of(report.workerId(), lost.workerId()), madeSteps);
        turn.suspect(lost, setback.until());
        if (setback.times() > 1) {
            turn.avoid(lost, setback.until());
            turn.warn(
                    ("worker %s lost %s at %s:%d %d times before a step was made (%s); they go separate ways for %d s;"
                                    + " check that one machine can reach the other, and that each worker was started with a"
                                    + " --host under which the others reach it")
                            .formatted(
                                    report.workerId(),
                                    lost.workerId(),
                                    lost.bulk().host(),
                                    lost.bulk().port(),
                                    setback.times(),
                                    report.reason(),
                                    Duration.between(turn.now, setback.until()).toSeconds()));
        }
    }

    private static void failed(RunTurn turn, RunReport.TrainingFailed report) {
        if (report.divergence() != null) {
            DivergenceRules.diverged(turn, report.workerId(), report.reason(), report.divergence());
        } else {
            attemptFailed(turn, report.workerId(), report.reason());
        }
    }

    /**
     * An attempt is over. The next one begins without the worker that failed it, if another can take its place, and goes on from what the
     * others hold: they stand still and are kept. A second failure in a row casts doubt on what they hold; then
     * all are released, and the checkpoint counts.
     */
    static void attemptFailed(RunTurn turn, String workerId, String reason) {
        attemptFailed(turn, workerId, reason, null);
    }

    /** {@code divergence}: the step that was no number, if that is why. */
    static void attemptFailed(RunTurn turn, String workerId, String reason, @Nullable Divergence divergence) {
        List<Member> members = turn.history().group().members();
        int attempts = turn.order().policy().attempts();
        Instant retryAt =
                turn.now.plus(backoff(turn.order().policy(), turn.history().failures() + 1));
        turn.persist(new RunEvent.AttemptFailed(
                turn.now, turn.history().generation(), workerId, reason, retryAt, divergence));
        turn.phase = new RunPhase.BackingOff();
        for (Member member : members) {
            if (member.workerId().equals(workerId)) {
                turn.staffing = turn.staffing.withoutMember(workerId);
                turn.avoid(member, retryAt);
                turn.release(List.of(member));
            } else if (!turn.keepsMembers()) {
                turn.release(List.of(member));
            }
        }
        if (turn.history().failures() >= attempts) {
            turn.settle(
                    RunOutcome.PARKED,
                    "failed %d times, last on %s: %s".formatted(turn.history().failures(), workerId, reason));
        }
    }

    /** Wait after the n-th failure, n from 1: doubled each time, up to the policy's largest. */
    static Duration backoff(RunPolicy policy, int failures) {
        double factor = Math.pow(2, (double) Math.min(failures - 1, 40));
        double first = policy.backoff().toMillis();
        double largest = policy.maxBackoff().toMillis();
        return Duration.ofMillis((long) Math.min(first * factor, largest));
    }

    private static void unreadable(RunTurn turn, RunInput.Reported input, RunReport.CheckpointUnreadable report) {
        CheckpointRules.unreadable(turn, report);
        if (isMember(turn, input, report.generation())) {
            GroupRules.regroup(
                    turn,
                    GenerationCause.UNREADABLE,
                    "the checkpoint of step %d is unreadable"
                            .formatted(report.checkpoint().step()));
        }
    }
}

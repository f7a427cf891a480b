package org.isofleet.coordinator.run;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.isofleet.protocol.group.RunReport;
import org.isofleet.protocol.group.WorkerCommand;
import org.isofleet.protocol.run.EvaluationHistory;
import org.isofleet.protocol.run.RunEvent;
import org.isofleet.protocol.run.RunNeed;
import org.isofleet.protocol.run.RunOutcome;
import org.isofleet.protocol.run.Staffing;
import org.isofleet.protocol.study.EvaluationKind;
import org.jspecify.annotations.Nullable;

/**
 * How a trained run is measured: every metric is a task of its own. A metric that fails is tried again after a while and in the end
 * given up, and the run is done all the same. A worker that goes away under a metric is no failure of it, but one that takes
 * many workers along is given up too. The next attempt goes to another worker, if there is one.
 */
final class EvaluationRules {
    private EvaluationRules() {}

    /** Whether a metric needs a worker now. */
    static boolean isDue(EvaluationHistory evaluation, Instant now) {
        return !evaluation.settled() && (evaluation.retryAt() == null || !now.isBefore(evaluation.retryAt()));
    }

    /** Acts on what is known now. */
    static void advance(RunTurn turn) {
        if (!(turn.phase instanceof RunPhase.Evaluating)) {
            return;
        }
        for (EvaluationHistory evaluation : turn.history().evaluations()) {
            if (isDue(evaluation, turn.now)) {
                advance(turn, evaluation, turn.staffing.evaluators().get(evaluation.kind()));
            }
        }
        if (turn.history().evaluations().stream().allMatch(EvaluationHistory::settled)) {
            turn.settle(RunOutcome.DONE, givenUp(turn));
        }
    }

    private static @Nullable String givenUp(RunTurn turn) {
        List<String> reasons = new ArrayList<>();
        for (EvaluationHistory evaluation : turn.history().evaluations()) {
            if (evaluation.givenUp() != null) {
                reasons.add(evaluation.kind() + " was given up: " + evaluation.givenUp());
            }
        }
        return reasons.isEmpty() ? null : String.join("; ", reasons);
    }

    private static void advance(RunTurn turn, EvaluationHistory evaluation, Staffing.@Nullable Seat seat) {
        EvaluationHistory.Assignee assigned = evaluation.assigned();
        if (assigned == null) {
            if (seat != null) {
                turn.persist(new RunEvent.EvaluationAssigned(
                        turn.now,
                        evaluation.kind(),
                        seat.workerId(),
                        seat.member().incarnation()));
                ask(turn, evaluation.kind(), seat);
            }
        } else if (seat != null && seat.is(assigned.workerId(), assigned.incarnation())) {
            if (isOverdue(turn, evaluation)) {
                String reason = "worker %s gave no result in %d minutes"
                        .formatted(
                                assigned.workerId(),
                                turn.order().policy().evaluationLimit().toMinutes());
                attemptFailed(turn, evaluation, reason, false);
            } else if (seat.evaluating() == null && isUnanswered(turn, evaluation.kind())) {
                ask(turn, evaluation.kind(), seat);
            }
        } else if (seat != null || (turn.staffing.epoch() > 0 && !turn.now.isBefore(turn.graceUntil))) {
            attemptFailed(turn, evaluation, "worker " + assigned.workerId() + " was lost", true);
        }
    }

    /** Whether a result is overdue; one that came while the coordinator was away may be told within the grace. */
    private static boolean isOverdue(RunTurn turn, EvaluationHistory evaluation) {
        Instant since = evaluation.assignedAt();
        return since != null
                && !turn.now.isBefore(since.plus(turn.order().policy().evaluationLimit()))
                && !turn.now.isBefore(turn.graceUntil);
    }

    private static boolean isUnanswered(RunTurn turn, EvaluationKind kind) {
        Instant asked = turn.phase instanceof RunPhase.Evaluating evaluating
                ? evaluating.askedAt().get(kind)
                : null;
        return asked == null || !turn.now.isBefore(asked.plus(turn.pace.resend().multipliedBy(2)));
    }

    private static void ask(RunTurn turn, EvaluationKind kind, Staffing.Seat seat) {
        RunEvent.TrainingCompleted completed = turn.history().completed();
        if (completed == null || !(turn.phase instanceof RunPhase.Evaluating evaluating)) {
            throw new IllegalStateException("only a trained run is evaluated");
        }
        turn.command(
                seat.member(),
                new WorkerCommand.Evaluate(
                        turn.order().spec(),
                        completed.checkpoint(),
                        turn.checkpointStore(),
                        kind,
                        turn.order().evaluation()));
        Map<EvaluationKind, Instant> askedAt = new HashMap<>(evaluating.askedAt());
        askedAt.put(kind, turn.now);
        turn.phase = new RunPhase.Evaluating(askedAt);
    }

    private static void attemptFailed(RunTurn turn, EvaluationHistory before, String reason, boolean workerLost) {
        Duration wait =
                workerLost ? Duration.ZERO : ReportRules.backoff(turn.order().policy(), before.failures() + 1);
        turn.persist(
                new RunEvent.EvaluationAttemptFailed(turn.now, before.kind(), reason, workerLost, turn.now.plus(wait)));
        dropSeat(turn, before.kind());
        EvaluationHistory.Assignee by = before.assigned();
        if (by != null && !workerLost) {
            turn.avoid(new RunNeed.Holding(by.workerId(), by.incarnation()), turn.now.plus(wait));
        }
        int attempts = turn.order().policy().attempts();
        EvaluationHistory after = turn.history().evaluation(before.kind()).orElseThrow();
        if (after.failures() >= attempts || after.losses() >= attempts * turn.pace.idlePerAttempt()) {
            turn.persist(new RunEvent.EvaluationGivenUp(turn.now, before.kind(), reason));
        }
    }

    /** The worker was given for an attempt that is over; the next one waits for a staffing that knows. */
    private static void dropSeat(RunTurn turn, EvaluationKind kind) {
        turn.staffing = turn.staffing.withoutEvaluator(kind);
    }

    /** A result or a failure, if it is news. */
    static void absorb(RunTurn turn, RunInput.Reported input) {
        RunEvent.TrainingCompleted completed = turn.history().completed();
        if (completed == null) {
            return;
        }
        String digest = completed.checkpoint().digest();
        if (input.report() instanceof RunReport.EvaluationFinished finished
                && finished.checkpointDigest().equals(digest)) {
            recorded(turn, finished);
        } else if (input.report() instanceof RunReport.EvaluationFailed failed
                && failed.checkpointDigest().equals(digest)) {
            EvaluationHistory.Assignee reporter = new EvaluationHistory.Assignee(input.workerId(), input.incarnation());
            turn.history()
                    .evaluation(failed.kind())
                    .filter(e -> !e.settled() && reporter.equals(e.assigned()))
                    .ifPresent(e -> attemptFailed(turn, e, failed.reason(), false));
        }
    }

    private static void recorded(RunTurn turn, RunReport.EvaluationFinished report) {
        EvaluationHistory before =
                turn.history().evaluation(report.result().kind()).orElse(null);
        if (before == null || (turn.history().settled() != null && before.recorded() == null)) {
            return;
        }
        RunEvent.EvaluationRecorded first = before.recorded();
        if (first == null) {
            turn.persist(new RunEvent.EvaluationRecorded(
                    turn.now, report.checkpointDigest(), report.result(), report.seconds()));
            dropSeat(turn, before.kind());
        } else if (!first.result().equals(report.result())) {
            turn.warn("a second result of %s differs from the first, which counts".formatted(before.kind()));
        }
    }
}

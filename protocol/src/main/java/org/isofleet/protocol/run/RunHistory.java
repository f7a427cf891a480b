package org.isofleet.protocol.run;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.isofleet.protocol.group.CheckpointRef;
import org.isofleet.protocol.group.Divergence;
import org.isofleet.protocol.metric.EvaluationResult;
import org.isofleet.protocol.study.EvaluationKind;
import org.isofleet.protocol.study.RunId;
import org.isofleet.protocol.wire.JournalRecord;
import org.jspecify.annotations.Nullable;

/**
 * A run as its events made it; also the snapshot in the journal.
 *
 * @param order what was asked for
 * @param group its groups
 * @param commits the newest committed checkpoints, ascending in step, without discarded ones
 * @param failures attempts that failed since the last progress of the committed step; a replay up to a step that was no number is none
 * @param lastFailure reason of the last one
 * @param retryAt when the next attempt may begin; null when none is waited for
 * @param trainSeconds time in the step loop
 * @param completed the end of training
 * @param evaluations metrics, in the order of the spec
 * @param settled how it ended
 * @param diverged an attempt whose loss was no number and whose last step was not computed once more yet; null when there is none
 * @param operated what operators made of it; null when none ever wanted anything
 */
public record RunHistory(
        RunOrder order,
        GroupHistory group,
        List<RunEvent.CheckpointCommitted> commits,
        int failures,
        @Nullable String lastFailure,
        @Nullable Instant retryAt,
        double trainSeconds,
        RunEvent.@Nullable TrainingCompleted completed,
        List<EvaluationHistory> evaluations,
        RunEvent.@Nullable RunSettled settled,
        @Nullable DivergedAttempt diverged,
        @Nullable OperatedRun operated)
        implements JournalRecord {
    /** Committed checkpoints that are remembered, and not deleted: the one that counts and one to fall back on. */
    static final int COMMITS_KEPT = 2;

    public RunHistory {
        commits = List.copyOf(commits);
        evaluations = List.copyOf(evaluations);
    }

    /** The history that begins with an order. */
    public static RunHistory of(RunOrder order) {
        List<EvaluationHistory> evaluations =
                order.evaluation().kinds().stream().map(EvaluationHistory::of).toList();
        return new RunHistory(
                order, GroupHistory.NONE, List.of(), 0, null, null, 0, null, evaluations, null, null, null);
    }

    public RunId runId() {
        return order.runId();
    }

    /** Number of the newest generation; 0 before the first. */
    public long generation() {
        return group.generation();
    }

    /** The checkpoint that counts: the newest committed one. */
    public Optional<CheckpointRef> committed() {
        return commits.isEmpty()
                ? Optional.empty()
                : Optional.of(commits.get(commits.size() - 1).checkpoint());
    }

    /** All checkpoints that the run may still read. */
    public List<CheckpointRef> needed() {
        return commits.stream().map(RunEvent.CheckpointCommitted::checkpoint).toList();
    }

    /** Steps that the committed checkpoint has behind it; 0 without one. */
    public long committedStep() {
        return committed().map(CheckpointRef::step).orElse(0L);
    }

    /** History of one metric, if the spec asks for it. */
    public Optional<EvaluationHistory> evaluation(EvaluationKind kind) {
        return evaluations.stream().filter(e -> e.kind() == kind).findFirst();
    }

    /** Held-out loss in nats a pixel, once it is measured. */
    public Optional<Double> heldOutLoss() {
        return evaluation(EvaluationKind.HELD_OUT_LOSS)
                .map(EvaluationHistory::recorded)
                .map(RunEvent.EvaluationRecorded::result)
                .filter(EvaluationResult.HeldOutLoss.class::isInstance)
                .map(result -> ((EvaluationResult.HeldOutLoss) result).natsPerPixel());
    }

    /**
     * The history after one more event.
     *
     * @param before null when nothing has happened yet
     * @throws IllegalStateException when the first event is no order
     */
    public static RunHistory after(@Nullable RunHistory before, RunEvent event) {
        if (event instanceof RunEvent.RunOrdered ordered) {
            return before == null
                    ? of(ordered.order())
                    : before.with(ordered.order(), before.diverged, before.operated);
        }
        if (before == null) {
            throw new IllegalStateException("a run's journal begins with its order, not with " + event);
        }
        return before.after(event);
    }

    /** The same run, ordered otherwise (its images may lie elsewhere, its policy may be another), or with another divergence or operator in its past. */
    private RunHistory with(
            RunOrder newOrder, @Nullable DivergedAttempt newDiverged, @Nullable OperatedRun newOperated) {
        return new RunHistory(
                newOrder,
                group,
                commits,
                failures,
                lastFailure,
                retryAt,
                trainSeconds,
                completed,
                evaluations,
                settled,
                newDiverged,
                newOperated);
    }

    private RunHistory after(RunEvent event) {
        if (event instanceof RunEvent.GenerationBegun begun) {
            return with(group.after(begun), failures, lastFailure, null, begun.trainSeconds())
                    .operated(running());
        } else if (event instanceof RunEvent.GenerationStarted started) {
            return with(group.started(started), failures, lastFailure, retryAt, trainSeconds);
        } else if (event instanceof RunEvent.GenerationFound found) {
            return with(group.after(found), failures, lastFailure, null, trainSeconds);
        } else if (event instanceof RunEvent.MemoryDoubted doubted) {
            return with(group.doubted(doubted), failures, lastFailure, retryAt, trainSeconds);
        } else if (event instanceof RunEvent.AttemptFailed failed) {
            return with(group.closed(), failures + 1, failed.reason(), failed.retryAt(), trainSeconds)
                    .diverged(after(failed));
        } else if (event instanceof RunEvent.CheckpointCommitted commit) {
            DivergedAttempt pending = after(commit.checkpoint());
            int failed = pending == null ? 0 : failures;
            return withCommits(plus(commit), group.after(commit), failed, commit.trainSeconds(), completed)
                    .diverged(pending);
        } else if (event instanceof RunEvent.CheckpointDiscarded discarded) {
            List<RunEvent.CheckpointCommitted> left = commits.stream()
                    .filter(c -> !c.checkpoint().equals(discarded.checkpoint()))
                    .toList();
            long step =
                    left.isEmpty() ? 0 : left.get(left.size() - 1).checkpoint().step();
            RunHistory before = withCommits(left, group.backTo(step), failures, trainSeconds, completed);
            return completed != null && completed.checkpoint().equals(discarded.checkpoint())
                    ? before.reopened()
                    : before;
        } else if (event instanceof RunEvent.TrainingCompleted done) {
            RunEvent.CheckpointCommitted commit = new RunEvent.CheckpointCommitted(
                    done.at(), done.generation(), done.checkpoint(), done.trainSeconds());
            return withCommits(plus(commit), group.after(commit).closed(), 0, done.trainSeconds(), done)
                    .diverged(null)
                    .operated(running());
        } else if (event instanceof RunEvent.Operated wished) {
            return operated(wished);
        } else if (event instanceof RunEvent.RunSettled end) {
            return new RunHistory(
                    order,
                    group.closed(),
                    commits,
                    failures,
                    lastFailure,
                    null,
                    trainSeconds,
                    completed,
                    evaluations,
                    end,
                    diverged,
                    running());
        }
        return withEvaluations(event);
    }

    private List<RunEvent.CheckpointCommitted> plus(RunEvent.CheckpointCommitted commit) {
        List<RunEvent.CheckpointCommitted> grown = new ArrayList<>(commits);
        grown.removeIf(c -> c.checkpoint().step() >= commit.checkpoint().step());
        grown.add(commit);
        return grown.subList(Math.max(0, grown.size() - COMMITS_KEPT), grown.size());
    }

    private RunHistory with(
            GroupHistory newGroup, int failed, @Nullable String reason, @Nullable Instant retry, double seconds) {
        return new RunHistory(
                order,
                newGroup,
                commits,
                failed,
                reason,
                retry,
                seconds,
                completed,
                evaluations,
                settled,
                diverged,
                operated);
    }

    private @Nullable DivergedAttempt after(RunEvent.AttemptFailed failed) {
        Divergence divergence = failed.divergence();
        return divergence == null ? diverged : new DivergedAttempt(failed.generation(), group.members(), divergence);
    }

    /** A committed checkpoint that has the step behind it tells that the step can be made. */
    private @Nullable DivergedAttempt after(CheckpointRef committed) {
        return diverged != null && committed.step() >= diverged.divergence().step() ? null : diverged;
    }

    private RunHistory operated(RunEvent.Operated wished) {
        OperatedRun after = OperatedRun.after(wished.wish());
        return switch (wished.wish().action()) {
            case PAUSE ->
                with(group.closed(), failures, lastFailure, null, wished.trainSeconds())
                        .operated(after);
            case RETRY ->
                new RunHistory(
                        order,
                        group.anew(),
                        commits,
                        0,
                        lastFailure,
                        null,
                        trainSeconds,
                        completed,
                        evaluations,
                        null,
                        null,
                        after);
            case RESUME, CANCEL -> operated(after);
        };
    }

    private RunHistory operated(@Nullable OperatedRun now) {
        return with(order, diverged, now);
    }

    /** With workers again, or at its end: no longer paused. */
    private @Nullable OperatedRun running() {
        return operated == null ? null : operated.running();
    }

    /** By what it goes on after a pause, or after it was parked, until it has a group again. */
    public Optional<OperatorWish> resumption() {
        return Optional.ofNullable(operated).filter(OperatedRun::resumed).map(OperatedRun::heeded);
    }

    /** Whether an operator wants it to have no workers. */
    public boolean isPaused() {
        return operated != null && operated.paused();
    }

    private RunHistory diverged(@Nullable DivergedAttempt now) {
        return with(order, now, operated);
    }

    private RunHistory withCommits(
            List<RunEvent.CheckpointCommitted> newCommits,
            GroupHistory newGroup,
            int failed,
            double seconds,
            RunEvent.@Nullable TrainingCompleted done) {
        return new RunHistory(
                order,
                newGroup,
                newCommits,
                failed,
                lastFailure,
                retryAt,
                seconds,
                done,
                evaluations,
                settled,
                diverged,
                operated);
    }

    /** Its last checkpoint does not count, so it is not trained, and what was measured was of something else. */
    private RunHistory reopened() {
        return new RunHistory(
                order,
                group,
                commits,
                failures,
                lastFailure,
                retryAt,
                trainSeconds,
                null,
                of(order).evaluations,
                null,
                diverged,
                operated);
    }

    private RunHistory withEvaluations(RunEvent event) {
        List<EvaluationHistory> changed =
                evaluations.stream().map(e -> evaluationAfter(e, event)).toList();
        return new RunHistory(
                order,
                group,
                commits,
                failures,
                lastFailure,
                retryAt,
                trainSeconds,
                completed,
                changed,
                settled,
                diverged,
                operated);
    }

    private static EvaluationHistory evaluationAfter(EvaluationHistory e, RunEvent event) {
        if (event instanceof RunEvent.EvaluationAssigned assigned && assigned.kind() == e.kind()) {
            return e.after(assigned);
        } else if (event instanceof RunEvent.EvaluationAttemptFailed failed && failed.kind() == e.kind()) {
            return e.after(failed);
        } else if (event instanceof RunEvent.EvaluationGivenUp given && given.kind() == e.kind()) {
            return e.after(given);
        } else if (event instanceof RunEvent.EvaluationRecorded done
                && done.result().kind() == e.kind()) {
            return e.after(done);
        }
        return e;
    }
}

package org.isofleet.coordinator.run;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.isofleet.metrics.live.LiveEvent;
import org.isofleet.metrics.live.LiveEvent.RunState;
import org.isofleet.protocol.group.Member;
import org.isofleet.protocol.run.EvaluationHistory;
import org.isofleet.protocol.run.GenerationCause;
import org.isofleet.protocol.run.OperatedRun;
import org.isofleet.protocol.run.OperatorWish;
import org.isofleet.protocol.run.RunEvent;
import org.isofleet.protocol.run.RunHistory;
import org.jspecify.annotations.Nullable;

/** A run's events as those who watch see them. */
final class RunLive {
    private RunLive() {}

    /** What an event shows; {@code history} is the history after it. */
    static List<LiveEvent> of(RunHistory history, RunEvent event) {
        if (event instanceof RunEvent.RunOrdered && history.group().generation() == 0) {
            return List.of(changed(event.at(), history, RunState.WAITING, null));
        } else if (event instanceof RunEvent.GenerationBegun begun) {
            return List.of(changed(event.at(), history, RunState.FORMING, begun.reason(), begun.cause()));
        } else if (event instanceof RunEvent.AttemptFailed failed) {
            return List.of(changed(event.at(), history, RunState.RETRYING, failed.reason()));
        } else if (event instanceof RunEvent.CheckpointCommitted commit) {
            return List.of(
                    new LiveEvent.CheckpointCommitted(commit.at(), commit.checkpoint(), false, commit.trainSeconds()));
        } else if (event instanceof RunEvent.TrainingCompleted done) {
            return List.of(completed(done), changed(event.at(), history, RunState.EVALUATING, null));
        } else if (event instanceof RunEvent.EvaluationRecorded recorded) {
            return List.of(recorded(history, recorded));
        } else if (event instanceof RunEvent.Operated operated
                && operated.wish().action() != OperatorWish.Action.CANCEL) {
            RunState state = history.isPaused()
                    ? RunState.PAUSED
                    : history.completed() != null ? RunState.EVALUATING : RunState.WAITING;
            return List.of(changed(event.at(), history, state, operated.wish().words()));
        } else if (event instanceof RunEvent.RunSettled settled) {
            return List.of(settled(history, settled));
        }
        return warning(event)
                .map(text -> List.<LiveEvent>of(new LiveEvent.Warning(event.at(), history.runId(), text)))
                .orElse(List.of());
    }

    private static Optional<String> warning(RunEvent event) {
        if (event instanceof RunEvent.CheckpointDiscarded discarded) {
            return Optional.of("checkpoint of step %d no longer counts: %s"
                    .formatted(discarded.checkpoint().step(), discarded.reason()));
        } else if (event instanceof RunEvent.GenerationFound found) {
            return Optional.of(
                    "generation %d was served, of which the journal knew nothing, as after a restore; the next is %d"
                            .formatted(found.generation(), found.generation() + 1));
        } else if (event instanceof RunEvent.MemoryDoubted doubted && doubted.culprit() != null) {
            return Optional.of(
                    "worker %s computed wrongly and is taken out: %s".formatted(doubted.culprit(), doubted.reason()));
        } else if (event instanceof RunEvent.EvaluationAttemptFailed failed) {
            return Optional.of("%s failed: %s".formatted(failed.kind(), failed.reason()));
        } else if (event instanceof RunEvent.EvaluationGivenUp given) {
            return Optional.of("%s was given up: %s".formatted(given.kind(), given.reason()));
        }
        return Optional.empty();
    }

    /** All results of a history once more, for those who watch since a restart. */
    static List<LiveEvent> past(RunHistory history, RunState state, Instant now) {
        List<LiveEvent> past = new ArrayList<>();
        RunEvent.TrainingCompleted done = history.completed();
        for (RunEvent.CheckpointCommitted commit : history.commits()) {
            if (done == null || !commit.checkpoint().equals(done.checkpoint())) {
                past.addAll(of(history, commit));
            }
        }
        if (done != null) {
            past.add(completed(done));
        }
        for (EvaluationHistory evaluation : history.evaluations()) {
            RunEvent.EvaluationRecorded recorded = evaluation.recorded();
            if (recorded != null) {
                past.add(recorded(history, recorded));
            }
        }
        RunEvent.RunSettled settled = history.settled();
        past.add(settled != null ? settled(history, settled) : changed(now, history, state, reason(history)));
        return past;
    }

    private static @Nullable String reason(RunHistory history) {
        OperatedRun operated = history.operated();
        return operated != null && operated.paused() ? operated.heeded().words() : history.lastFailure();
    }

    static LiveEvent changed(Instant at, RunHistory history, RunState state, @Nullable String reason) {
        return changed(at, history, state, reason, null);
    }

    private static LiveEvent changed(
            Instant at, RunHistory history, RunState state, @Nullable String reason, @Nullable GenerationCause cause) {
        List<String> workers =
                history.group().members().stream().map(Member::workerId).toList();
        return new LiveEvent.RunChanged(
                at,
                history.runId(),
                state,
                history.generation(),
                workers,
                history.group().restarts(),
                reason,
                cause);
    }

    private static LiveEvent completed(RunEvent.TrainingCompleted done) {
        return new LiveEvent.CheckpointCommitted(done.at(), done.checkpoint(), true, done.trainSeconds());
    }

    private static LiveEvent recorded(RunHistory history, RunEvent.EvaluationRecorded recorded) {
        return new LiveEvent.EvaluationRecorded(
                recorded.at(), history.runId(), recorded.checkpointDigest(), recorded.result());
    }

    private static LiveEvent settled(RunHistory history, RunEvent.RunSettled settled) {
        RunState state = switch (settled.outcome()) {
            case DONE -> RunState.DONE;
            case PARKED -> RunState.PARKED;
            case STOPPED -> RunState.STOPPED;
        };
        return changed(settled.at(), history, state, settled.reason());
    }
}

package org.isofleet.coordinator.run;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import org.isofleet.metrics.live.LiveEvent;
import org.isofleet.protocol.group.CheckpointRef;
import org.isofleet.protocol.group.Member;
import org.isofleet.protocol.group.StartPoint;
import org.isofleet.protocol.group.WorkerCommand;
import org.isofleet.protocol.run.RunEvent;
import org.isofleet.protocol.run.RunNeed;
import org.isofleet.protocol.study.EvaluationKind;
import org.jspecify.annotations.Nullable;

/** What a run decided, one short line each, so that a table of rules can be read. Times are seconds from now. */
final class DecisionText {
    private DecisionText() {}

    static String of(RunEvent event, Instant now) {
        if (event instanceof RunEvent.GenerationBegun begun) {
            return "begun %d %s %s reached %d"
                    .formatted(begun.generation(), ids(begun.members()), begun.cause(), begun.reachedStep());
        } else if (event instanceof RunEvent.GenerationStarted started) {
            return "started %d %s".formatted(started.generation(), of(started.from()));
        } else if (event instanceof RunEvent.GenerationFound found) {
            return "found " + found.generation();
        } else if (event instanceof RunEvent.CheckpointCommitted commit) {
            return "committed %d".formatted(commit.checkpoint().step());
        } else if (event instanceof RunEvent.CheckpointDiscarded discarded) {
            return "discarded %d".formatted(discarded.checkpoint().step());
        } else if (event instanceof RunEvent.AttemptFailed failed) {
            return "failed on %s, again %s".formatted(failed.workerId(), from(now, failed.retryAt()));
        } else if (event instanceof RunEvent.TrainingCompleted done) {
            return "trained %d".formatted(done.checkpoint().step());
        } else if (event instanceof RunEvent.EvaluationAssigned assigned) {
            return "assigned %s %s".formatted(of(assigned.kind()), assigned.workerId());
        } else if (event instanceof RunEvent.EvaluationAttemptFailed failed) {
            String how = failed.workerLost() ? "worker lost" : "failed";
            return "%s %s, again %s".formatted(of(failed.kind()), how, from(now, failed.retryAt()));
        } else if (event instanceof RunEvent.EvaluationGivenUp given) {
            return "%s given up".formatted(of(given.kind()));
        } else if (event instanceof RunEvent.EvaluationRecorded recorded) {
            return "%s recorded".formatted(of(recorded.result().kind()));
        } else if (event instanceof RunEvent.MemoryDoubted doubted) {
            return "memory doubted from step %d".formatted(doubted.doubt().step());
        } else if (event instanceof RunEvent.RunSettled settled) {
            return "settled " + settled.outcome();
        }
        return "ordered";
    }

    /** Needs and what is shown of a run's state are left out: the one has a test of its own, the other follows from events. */
    static List<String> of(RunEffect effect) {
        if (effect instanceof RunEffect.Command command) {
            return List.of(command.workerId() + " <- " + of(command.command()));
        } else if (effect instanceof RunEffect.Settle settle) {
            return List.of("study <- " + settle.outcome());
        } else if (effect instanceof RunEffect.Publish publish && publish.event() instanceof LiveEvent.Warning) {
            return List.of("warned");
        }
        return List.of();
    }

    static String of(RunPhase phase, Instant now) {
        if (phase instanceof RunPhase.Waiting waiting) {
            Instant until = waiting.gatherUntil();
            return until == null ? "waiting" : "gathering " + from(now, until);
        } else if (phase instanceof RunPhase.Preparing preparing) {
            return "preparing %s until %s"
                    .formatted(new TreeSet<>(preparing.prepared().keySet()), from(now, preparing.deadline()));
        } else if (phase instanceof RunPhase.Training training) {
            return "training %s until %s".formatted(new TreeSet<>(training.running()), from(now, training.deadline()));
        }
        return phase.getClass().getSimpleName().toLowerCase(Locale.ROOT);
    }

    static String of(RunNeed need) {
        return "%d workers, has %s, measures %s"
                .formatted(
                        need.workers(),
                        need.group().stream().map(RunNeed.Holding::workerId).toList(),
                        need.evaluations().stream()
                                .map(e -> of(e.kind()) + by(e.by()))
                                .toList());
    }

    private static String by(RunNeed.@Nullable Holding holding) {
        return holding == null ? "" : " by " + holding.workerId();
    }

    private static String of(StartPoint from) {
        if (from instanceof StartPoint.FromMember member) {
            return "from %s at %d".formatted(member.workerId(), member.step());
        } else if (from instanceof StartPoint.FromCheckpoint checkpoint) {
            return "from checkpoint %d".formatted(checkpoint.checkpoint().step());
        }
        return "fresh";
    }

    private static String of(WorkerCommand command) {
        if (command instanceof WorkerCommand.PrepareGroup prepare) {
            return "prepare %d %s"
                    .formatted(prepare.plan().generation(), ids(prepare.plan().members()));
        } else if (command instanceof WorkerCommand.FollowGroup follow) {
            return "follow %s in %d".formatted(follow.source(), follow.plan().generation());
        } else if (command instanceof WorkerCommand.StartGroup start) {
            return "start %d %s".formatted(start.generation(), of(start.from()));
        } else if (command instanceof WorkerCommand.ReleaseGroup release) {
            return "release %d".formatted(release.generation());
        } else if (command instanceof WorkerCommand.Evaluate evaluate) {
            return "measure " + of(evaluate.kind());
        } else if (command instanceof WorkerCommand.WriteCheckpoint write) {
            return "write " + write.step();
        } else if (command instanceof WorkerCommand.CollectCheckpoints collect) {
            return "keep " + collect.keep().stream().map(CheckpointRef::step).toList();
        }
        return command instanceof WorkerCommand.CaptureStacks asked
                ? "stacks " + asked.generation()
                : command.toString();
    }

    private static String of(EvaluationKind kind) {
        return switch (kind) {
            case HELD_OUT_LOSS -> "loss";
            case LINEAR_PROBE -> "probe";
            case COMPLETIONS -> "completions";
        };
    }

    private static List<String> ids(List<Member> members) {
        return members.stream().map(Member::workerId).toList();
    }

    private static String from(Instant now, Instant at) {
        double seconds = Duration.between(now, at).toMillis() / 1e3;
        return (seconds < 0 ? "" : "+") + (seconds == Math.rint(seconds) ? Long.toString((long) seconds) : seconds)
                + "s";
    }
}

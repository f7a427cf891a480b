package org.isofleet.worker.node;

import java.util.LinkedHashMap;
import java.util.Map;
import org.isofleet.protocol.group.GroupPlan;
import org.isofleet.protocol.group.Member;
import org.isofleet.protocol.group.RunReport;
import org.isofleet.protocol.group.RunReport.EvaluationFailed;
import org.isofleet.protocol.group.RunReport.EvaluationFinished;
import org.isofleet.protocol.group.RunReport.TrainingFailed;
import org.isofleet.protocol.group.RunReport.TrainingFinished;
import org.isofleet.protocol.group.WorkerCommand;
import org.isofleet.protocol.group.WorkerCommand.CollectCheckpoints;
import org.isofleet.protocol.group.WorkerCommand.Evaluate;
import org.isofleet.protocol.group.WorkerCommand.PrepareGroup;
import org.isofleet.protocol.group.WorkerCommand.ReleaseGroup;
import org.isofleet.protocol.group.WorkerCommand.StartGroup;
import org.isofleet.protocol.group.WorkerCommand.WriteCheckpoint;
import org.isofleet.protocol.study.EvaluationKind;
import org.isofleet.protocol.study.RunId;
import org.jspecify.annotations.Nullable;

/**
 * What a worker is at, and what a command changes about it. Messages may come late, twice, or from a coordinator that was deposed:
 * of every run the newest generation ever heard of is kept, and whatever names an older one changes nothing.
 */
final class Duty {
    /** What to do about a command. */
    sealed interface Decision {}

    /** Hand the command to training. */
    record Train(WorkerCommand command) implements Decision {}

    record Compute(Evaluate task) implements Decision {}

    /** The command cannot be served now: tell so. */
    record Refuse(RunReport report) implements Decision {}

    /** The command is stale or a duplicate. */
    record Ignore(String reason) implements Decision {}

    /** More runs than a worker sees between two restarts of a study; older ones are forgotten. */
    private static final int REMEMBERED_RUNS = 4096;

    private final String workerId;
    private final long incarnation;
    private final Map<RunId, Long> newest = new LinkedHashMap<>();
    private @Nullable GroupPlan group;
    private boolean started;
    private boolean trained;
    private @Nullable Evaluate evaluation;

    Duty(String workerId, long incarnation) {
        this.workerId = workerId;
        this.incarnation = incarnation;
    }

    /** What is being evaluated; null when nothing is. */
    @Nullable
    EvaluationKind evaluating() {
        return evaluation == null ? null : evaluation.kind();
    }

    /** Commands about groups and evaluations; others are none of its business. */
    Decision decide(WorkerCommand command) {
        if (command instanceof PrepareGroup prepare) {
            return prepare(prepare);
        } else if (command instanceof StartGroup start) {
            return start(start);
        } else if (command instanceof ReleaseGroup release) {
            return release(release);
        } else if (command instanceof CollectCheckpoints collect) {
            return inGroup(collect, collect.runId(), collect.generation());
        } else if (command instanceof WriteCheckpoint write) {
            return inGroup(write, write.runId(), write.generation());
        } else if (command instanceof Evaluate task) {
            return evaluate(task);
        }
        return new Ignore("not about a group");
    }

    /** A report of training or evaluation goes out: whatever it ends has ended. */
    void reported(RunReport report) {
        if (report instanceof TrainingFinished finished) {
            trained |= serves(finished.runId(), finished.generation());
        } else if (report instanceof TrainingFailed failed) {
            trained |= serves(failed.runId(), failed.generation());
        } else if (report instanceof EvaluationFinished || report instanceof EvaluationFailed) {
            evaluation = null;
        }
    }

    private Decision prepare(PrepareGroup command) {
        GroupPlan plan = command.plan();
        RunId runId = plan.spec().id();
        int index = plan.indexOf(workerId);
        Member self = index < 0 ? null : plan.members().get(index);
        if (self == null || self.incarnation() != incarnation) {
            return new Ignore("meant for another incarnation");
        }
        if (serves(runId, plan.generation()) && !started) {
            return new Train(command); // asked again: training says again where it stands
        }
        if (plan.generation() <= newestOf(runId)) {
            return new Ignore("generation " + plan.generation() + " after " + newestOf(runId));
        }
        if (evaluation != null) {
            return new Refuse(new TrainingFailed(
                    runId,
                    plan.generation(),
                    workerId,
                    "the worker is busy with an evaluation of " + evaluation.kind()));
        }
        remember(runId, plan.generation());
        group = plan;
        started = false;
        trained = false;
        return new Train(command);
    }

    private Decision start(StartGroup command) {
        if (!serves(command.runId(), command.generation())) {
            return new Ignore("not in generation " + command.generation());
        }
        if (started) {
            return new Ignore("started already");
        }
        started = true;
        return new Train(command);
    }

    private Decision release(ReleaseGroup command) {
        long before = newestOf(command.runId());
        if (command.generation() < before) {
            return new Ignore("generation " + command.generation() + " after " + before);
        }
        remember(command.runId(), command.generation());
        if (group == null || !group.spec().id().equals(command.runId())) {
            return new Ignore("not in this run");
        }
        group = null;
        return new Train(command);
    }

    /** What only a member of that generation may do. */
    private Decision inGroup(WorkerCommand command, RunId runId, long generation) {
        return serves(runId, generation) ? new Train(command) : new Ignore("not in generation " + generation);
    }

    private Decision evaluate(Evaluate task) {
        if (task.equals(evaluation)) {
            return new Ignore("under way");
        }
        String reason = null;
        if (evaluation != null) {
            reason = "the worker is busy with an evaluation of " + evaluation.kind();
        } else if (group != null && !trained) {
            reason = "the worker is busy with run " + group.spec().id();
        }
        if (reason != null) {
            return new Refuse(new EvaluationFailed(
                    task.spec().id(), workerId, task.checkpoint().digest(), task.kind(), reason));
        }
        evaluation = task;
        return new Compute(task);
    }

    private boolean serves(RunId runId, long generation) {
        return group != null && group.spec().id().equals(runId) && group.generation() == generation;
    }

    private long newestOf(RunId runId) {
        return newest.getOrDefault(runId, 0L);
    }

    private void remember(RunId runId, long generation) {
        newest.remove(runId);
        newest.put(runId, generation);
        if (newest.size() > REMEMBERED_RUNS) {
            newest.remove(newest.keySet().iterator().next());
        }
    }
}

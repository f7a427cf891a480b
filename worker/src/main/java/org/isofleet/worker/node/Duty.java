package org.isofleet.worker.node;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.isofleet.protocol.group.GroupPlan;
import org.isofleet.protocol.group.Member;
import org.isofleet.protocol.group.RunReport;
import org.isofleet.protocol.group.RunReport.EvaluationFailed;
import org.isofleet.protocol.group.RunReport.EvaluationFinished;
import org.isofleet.protocol.group.RunReport.FollowingFailed;
import org.isofleet.protocol.group.RunReport.TrainingFailed;
import org.isofleet.protocol.group.RunReport.TrainingFinished;
import org.isofleet.protocol.group.WorkerCommand;
import org.isofleet.protocol.group.WorkerCommand.CollectCheckpoints;
import org.isofleet.protocol.group.WorkerCommand.Evaluate;
import org.isofleet.protocol.group.WorkerCommand.FollowGroup;
import org.isofleet.protocol.group.WorkerCommand.PrepareGroup;
import org.isofleet.protocol.group.WorkerCommand.ReleaseGroup;
import org.isofleet.protocol.group.WorkerCommand.StartGroup;
import org.isofleet.protocol.group.WorkerCommand.WriteCheckpoint;
import org.isofleet.protocol.study.EvaluationKind;
import org.isofleet.protocol.study.RunId;
import org.jspecify.annotations.Nullable;

/**
 * What a worker is at, and what a command changes about it. Messages may come late, twice, or from a coordinator that was deposed:
 * of every run the newest generation ever heard of is kept, and whatever names an older one changes nothing. A value: each
 * decision names the duty after it, so that all that a worker can be brought to is searched with the coordinators' decisions.
 *
 * @param workerId name of the worker
 * @param incarnation number of its process
 * @param newest of each run the newest generation heard of, the run that was heard of last at the end
 * @param group what it is in or follows; null when it is free
 * @param follows whether it follows that group, and is not in it
 * @param started whether that group was told to start
 * @param trained whether its training has ended here
 * @param evaluation what it evaluates; null when nothing
 */
public record Duty(
        String workerId,
        long incarnation,
        Map<RunId, Long> newest,
        @Nullable GroupPlan group,
        boolean follows,
        boolean started,
        boolean trained,
        @Nullable Evaluate evaluation) {
    /** What to do about a command. */
    public sealed interface Decision {}

    /** Hand the command to training. */
    public record Train(WorkerCommand command) implements Decision {}

    /** Evaluate. */
    public record Compute(Evaluate task) implements Decision {}

    /** The command cannot be served now: tell so. */
    public record Refuse(RunReport report) implements Decision {}

    /** The command is stale or a duplicate. */
    public record Ignore(String reason) implements Decision {}

    /** A decision, and the duty after it. */
    public record Turn(Duty next, Decision decision) {}

    /** More runs than a worker sees between two restarts of a study; older ones are forgotten. */
    private static final int REMEMBERED_RUNS = 4096;

    public Duty {
        newest = Collections.unmodifiableMap(new LinkedHashMap<>(newest));
    }

    /** The duty of a process that has just started. */
    public static Duty free(String workerId, long incarnation) {
        return new Duty(workerId, incarnation, Map.of(), null, false, false, false, null);
    }

    /** What is being evaluated; null when nothing is. */
    public @Nullable EvaluationKind evaluating() {
        return evaluation == null ? null : evaluation.kind();
    }

    /** Commands about groups and evaluations; others are none of its business. */
    public Turn decide(WorkerCommand command) {
        if (command instanceof PrepareGroup prepare) {
            return prepare(prepare);
        } else if (command instanceof StartGroup start) {
            return start(start);
        } else if (command instanceof ReleaseGroup release) {
            return release(release);
        } else if (command instanceof FollowGroup follow) {
            return follow(follow);
        } else if (command instanceof CollectCheckpoints collect) {
            return inGroup(collect, collect.runId(), collect.generation());
        } else if (command instanceof WriteCheckpoint write) {
            return inGroup(write, write.runId(), write.generation());
        } else if (command instanceof Evaluate task) {
            return evaluate(task);
        }
        return ignore("not about a group");
    }

    /** After a report of training or evaluation has gone out: whatever it ends has ended. */
    public Duty reported(RunReport report) {
        if (report instanceof TrainingFinished finished) {
            return trained(finished.runId(), finished.generation());
        } else if (report instanceof TrainingFailed failed) {
            return trained(failed.runId(), failed.generation());
        } else if (report instanceof RunReport.StatesDiffer differ) {
            return trained(differ.runId(), differ.generation());
        } else if (report instanceof FollowingFailed failed) {
            boolean ended = follows
                    && group != null
                    && group.spec().id().equals(failed.runId())
                    && group.generation() == failed.generation();
            return ended ? new Duty(workerId, incarnation, newest, null, false, false, false, evaluation) : this;
        } else if (report instanceof EvaluationFinished || report instanceof EvaluationFailed) {
            return new Duty(workerId, incarnation, newest, group, follows, started, trained, null);
        }
        return this;
    }

    private Duty trained(RunId runId, long generation) {
        boolean ended = trained || serves(runId, generation);
        return new Duty(workerId, incarnation, newest, group, follows, started, ended, evaluation);
    }

    private Turn prepare(PrepareGroup command) {
        GroupPlan plan = command.plan();
        RunId runId = plan.spec().id();
        int index = plan.indexOf(workerId);
        Member self = index < 0 ? null : plan.members().get(index);
        if (self == null || self.incarnation() != incarnation) {
            return ignore("meant for another incarnation");
        }
        if (serves(runId, plan.generation()) && !started) {
            return new Turn(this, new Train(command)); // asked again: training says again where it stands
        }
        if (plan.generation() <= newestOf(runId)) {
            return ignore("generation " + plan.generation() + " after " + newestOf(runId));
        }
        if (evaluation != null) {
            return refuse(new TrainingFailed(
                    runId,
                    plan.generation(),
                    workerId,
                    "the worker is busy with an evaluation of " + evaluation.kind()));
        }
        return new Turn(
                new Duty(workerId, incarnation, after(runId, plan.generation()), plan, false, false, false, null),
                new Train(command));
    }

    /** Who follows keeps that generation out of its group: a command to its members is none to this worker. */
    private Turn follow(FollowGroup command) {
        GroupPlan plan = command.plan();
        RunId runId = plan.spec().id();
        Member self = command.follower();
        if (!self.workerId().equals(workerId) || self.incarnation() != incarnation || plan.indexOf(workerId) >= 0) {
            return ignore("meant for another incarnation");
        }
        if (plan.generation() <= newestOf(runId)) {
            return ignore("generation " + plan.generation() + " after " + newestOf(runId));
        }
        if (evaluation != null) {
            return refuse(new FollowingFailed(
                    runId,
                    plan.generation(),
                    workerId,
                    "the worker is busy with an evaluation of " + evaluation.kind()));
        }
        return new Turn(
                new Duty(workerId, incarnation, after(runId, plan.generation()), plan, true, false, false, null),
                new Train(command));
    }

    private Turn start(StartGroup command) {
        if (!serves(command.runId(), command.generation())) {
            return ignore("not in generation " + command.generation());
        }
        if (started) {
            return ignore("started already");
        }
        return new Turn(
                new Duty(workerId, incarnation, newest, group, false, true, trained, evaluation), new Train(command));
    }

    private Turn release(ReleaseGroup command) {
        long before = newestOf(command.runId());
        if (command.generation() < before) {
            return ignore("generation " + command.generation() + " after " + before);
        }
        boolean leaves = group != null && group.spec().id().equals(command.runId());
        Duty next = new Duty(
                workerId,
                incarnation,
                after(command.runId(), command.generation()),
                leaves ? null : group,
                !leaves && follows,
                started,
                trained,
                evaluation);
        return new Turn(next, leaves ? new Train(command) : new Ignore("not in this run"));
    }

    /** What only a member of that generation may do. */
    private Turn inGroup(WorkerCommand command, RunId runId, long generation) {
        return serves(runId, generation)
                ? new Turn(this, new Train(command))
                : ignore("not in generation " + generation);
    }

    private Turn evaluate(Evaluate task) {
        if (task.equals(evaluation)) {
            return ignore("under way");
        }
        String reason = null;
        if (evaluation != null) {
            reason = "the worker is busy with an evaluation of " + evaluation.kind();
        } else if (group != null && !trained) {
            reason = "the worker is busy with run " + group.spec().id();
        }
        if (reason != null) {
            return refuse(new EvaluationFailed(
                    task.spec().id(), workerId, task.checkpoint().digest(), task.kind(), reason));
        }
        return new Turn(
                new Duty(workerId, incarnation, newest, group, follows, started, trained, task), new Compute(task));
    }

    private Turn ignore(String reason) {
        return new Turn(this, new Ignore(reason));
    }

    private Turn refuse(RunReport report) {
        return new Turn(this, new Refuse(report));
    }

    private boolean serves(RunId runId, long generation) {
        return group != null && !follows && group.spec().id().equals(runId) && group.generation() == generation;
    }

    private long newestOf(RunId runId) {
        return newest.getOrDefault(runId, 0L);
    }

    private Map<RunId, Long> after(RunId runId, long generation) {
        Map<RunId, Long> later = new LinkedHashMap<>(newest);
        later.remove(runId);
        later.put(runId, generation);
        if (later.size() > REMEMBERED_RUNS) {
            later.remove(later.keySet().iterator().next());
        }
        return later;
    }
}

package org.isofleet.coordinator.simulation;

import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.isofleet.protocol.group.GroupPlan;
import org.isofleet.protocol.group.RunReport;
import org.isofleet.protocol.group.WorkerCommand;
import org.isofleet.protocol.study.RunId;
import org.jspecify.annotations.Nullable;

/**
 * Which commands change anything, by the same rules as a real worker's {@code Duty}: of every run the newest generation ever heard of
 * counts, and who is busy refuses.
 */
final class SimulatedDuty {
    private final String workerId;
    private final Map<RunId, Long> newest = new HashMap<>();
    private @Nullable GroupPlan group;
    private boolean follows;
    private boolean started;
    private boolean trained;
    private WorkerCommand.@Nullable Evaluate evaluation;

    SimulatedDuty(String workerId) {
        this.workerId = workerId;
    }

    /** Whether to carry it out; a refusal is reported. */
    boolean admits(WorkerCommand command, Consumer<RunReport> refusals) {
        if (command instanceof WorkerCommand.PrepareGroup prepare) {
            return prepares(prepare.plan(), refusals);
        } else if (command instanceof WorkerCommand.FollowGroup follow) {
            return follows(follow.plan(), refusals);
        } else if (command instanceof WorkerCommand.StartGroup start) {
            boolean admitted = serves(start.runId(), start.generation()) && !started;
            started |= admitted;
            return admitted;
        } else if (command instanceof WorkerCommand.ReleaseGroup release) {
            return releases(release);
        } else if (command instanceof WorkerCommand.Evaluate task) {
            return evaluates(task, refusals);
        } else if (command instanceof WorkerCommand.CollectCheckpoints collect) {
            return serves(collect.runId(), collect.generation());
        } else if (command instanceof WorkerCommand.WriteCheckpoint write) {
            return serves(write.runId(), write.generation());
        }
        return false;
    }

    private boolean prepares(GroupPlan plan, Consumer<RunReport> refusals) {
        RunId runId = plan.spec().id();
        if (serves(runId, plan.generation()) && !started) {
            return true;
        }
        if (plan.generation() <= newest.getOrDefault(runId, 0L)) {
            return false;
        }
        if (evaluation != null) {
            refusals.accept(new RunReport.TrainingFailed(runId, plan.generation(), workerId, "busy with a metric"));
            return false;
        }
        enter(plan, false);
        return true;
    }

    private boolean follows(GroupPlan plan, Consumer<RunReport> refusals) {
        RunId runId = plan.spec().id();
        if (plan.generation() <= newest.getOrDefault(runId, 0L)) {
            return false;
        }
        if (evaluation != null) {
            refusals.accept(new RunReport.FollowingFailed(runId, plan.generation(), workerId, "busy with a metric"));
            return false;
        }
        enter(plan, true);
        return true;
    }

    private void enter(GroupPlan plan, boolean following) {
        newest.put(plan.spec().id(), plan.generation());
        group = plan;
        follows = following;
        started = false;
        trained = false;
    }

    private boolean releases(WorkerCommand.ReleaseGroup release) {
        if (release.generation() < newest.getOrDefault(release.runId(), 0L)) {
            return false;
        }
        newest.put(release.runId(), release.generation());
        if (group == null || !group.spec().id().equals(release.runId())) {
            return false;
        }
        group = null;
        return true;
    }

    private boolean evaluates(WorkerCommand.Evaluate task, Consumer<RunReport> refusals) {
        if (task.equals(evaluation)) {
            return false;
        }
        if (evaluation != null || (group != null && !trained)) {
            refusals.accept(new RunReport.EvaluationFailed(
                    task.spec().id(), workerId, task.checkpoint().digest(), task.kind(), "busy"));
            return false;
        }
        evaluation = task;
        return true;
    }

    /** Whatever a report ends has ended. */
    void reported(RunReport report) {
        if (report instanceof RunReport.TrainingFinished finished) {
            trained |= serves(finished.runId(), finished.generation());
        } else if (report instanceof RunReport.TrainingFailed failed) {
            trained |= serves(failed.runId(), failed.generation());
        } else if (report instanceof RunReport.FollowingFailed failed
                && follows
                && group != null
                && group.spec().id().equals(failed.runId())
                && group.generation() == failed.generation()) {
            group = null;
        }
    }

    void evaluated() {
        evaluation = null;
    }

    private boolean serves(RunId runId, long generation) {
        return group != null && !follows && group.spec().id().equals(runId) && group.generation() == generation;
    }
}

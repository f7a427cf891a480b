package org.isofleet.deploy.search;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.isofleet.coordinator.run.RunInput;
import org.isofleet.coordinator.run.RunPhase;
import org.isofleet.coordinator.run.RunState;
import org.isofleet.protocol.group.GroupPlan;
import org.isofleet.protocol.group.HeldState;
import org.isofleet.protocol.group.Member;
import org.isofleet.protocol.group.RunReport;
import org.isofleet.protocol.group.StartPoint;
import org.isofleet.protocol.group.WorkerCommand;
import org.isofleet.protocol.run.RunEvent;
import org.isofleet.protocol.run.RunHistory;
import org.isofleet.protocol.run.Staffing;
import org.jspecify.annotations.Nullable;

/**
 * The decisions as they would be without one of their guards. Production code has no switch for that. So the guard is taken away from outside:
 * a message that it would hold back is rewritten until it passes, for example stamped with the newest generation, or an event that it
 * would prevent is put into the journal behind its back. What stands in for production code in {@link WorkerSide} leaves out its check
 * itself.
 */
final class Unguarded {
    private Unguarded() {}

    /** A command as it reaches a worker. */
    static WorkerCommand received(@Nullable Guard removed, Worker worker, WorkerCommand command) {
        if (removed == Guard.MEMBER_GENERATION && command instanceof WorkerCommand.StartGroup start) {
            return new WorkerCommand.StartGroup(start.runId(), worker.generation(), start.from());
        } else if (removed == Guard.COLLECTOR_GENERATION
                && command instanceof WorkerCommand.CollectCheckpoints collect) {
            return new WorkerCommand.CollectCheckpoints(collect.runId(), worker.generation(), collect.keep());
        } else if (removed == Guard.MEMBER_INCARNATION && command instanceof WorkerCommand.PrepareGroup prepare) {
            GroupPlan plan = prepare.plan();
            List<Member> members = plan.members().stream()
                    .map(m -> m.workerId().equals(worker.duty().workerId())
                            ? new Member(m.workerId(), worker.duty().incarnation(), m.bulk())
                            : m)
                    .toList();
            return new WorkerCommand.PrepareGroup(
                    new GroupPlan(plan.spec(), plan.generation(), members, plan.checkpointStore(), plan.audit()));
        }
        return command;
    }

    /** A report as it reaches the run: about the generation that is the newest, by the process that is its member. */
    static RunInput.Reported received(RunHistory history, RunInput.Reported input) {
        long generation = history.generation();
        if (input.report() instanceof RunReport.GroupPrepared said) {
            return new RunInput.Reported(
                    input.workerId(),
                    input.incarnation(),
                    new RunReport.GroupPrepared(
                            said.runId(), generation, said.workerId(), said.held(), said.gradientDigest()));
        }
        return input;
    }

    /** Whether a doubt is not heard at all. */
    static boolean ignores(@Nullable Guard removed, RunHistory history, RunReport report) {
        return report instanceof RunReport.StatesDiffer differ
                && ((removed == Guard.OLDER_DOUBT && differ.generation() < history.generation())
                        || (removed == Guard.END_IN_DOUBT && history.completed() != null));
    }

    /** A doubt as if it were a failure of the one who says so. */
    static RunInput.Reported undoubting(RunInput.Reported input) {
        return input.report() instanceof RunReport.StatesDiffer differ
                ? new RunInput.Reported(
                        input.workerId(),
                        input.incarnation(),
                        new RunReport.TrainingFailed(
                                differ.runId(), differ.generation(), differ.workerId(), differ.reason()))
                : input;
    }

    /** A staffing that was held back, as if it had been said last. */
    static Staffing received(@Nullable Guard removed, Staffing late) {
        return removed == Guard.LAST_STAFFING
                ? new Staffing(late.epoch(), 1, 0, late.group(), late.evaluators(), late.present())
                : late;
    }

    /** A staffing that asks for a worker back, as if it did not. */
    static Staffing asking(@Nullable Guard removed, Staffing asking, Staffing plain) {
        return removed == Guard.ASKED_BACK ? plain : asking;
    }

    /** A staffing in which everybody says to hold what the newest group does. */
    static Staffing caughtUp(RunHistory history, Staffing said) {
        List<Staffing.Seat> group = said.group().stream()
                .map(seat -> new Staffing.Seat(
                        seat.member(),
                        seat.kernelClass(),
                        new HeldState(history.runId(), history.generation(), 0, 0),
                        seat.evaluating(),
                        seat.askedBack()))
                .toList();
        return new Staffing(said.epoch(), said.number(), said.needNumber(), group, said.evaluators(), said.present());
    }

    /** What an input persists. */
    static List<RunEvent> events(Guard removed, RunState before, RunInput input, List<RunEvent> guarded) {
        RunHistory history = before.history();
        if (history == null) {
            return guarded;
        }
        List<RunEvent> events = new ArrayList<>();
        for (RunEvent event : guarded) {
            events.add(
                    removed == Guard.HIGHEST_STEP && event instanceof RunEvent.GenerationStarted started
                            ? atLowest(before, input, started)
                            : event);
            if (removed == Guard.NO_FAILURE && event instanceof RunEvent.MemoryDoubted doubted) {
                events.add(new RunEvent.AttemptFailed(
                        Scenario.NOW, history.generation(), "w0", doubted.reason(), Scenario.NOW, null));
            }
        }
        if (guarded.isEmpty() && input instanceof RunInput.Reported reported) {
            if (removed == Guard.COMMIT_GROWS
                    && reported.report() instanceof RunReport.CheckpointWritten written
                    && history.settled() == null) {
                events.add(
                        new RunEvent.CheckpointCommitted(Scenario.NOW, written.generation(), written.checkpoint(), 0));
            } else if (removed == Guard.COMPLETED_ONCE
                    && reported.report() instanceof RunReport.TrainingFinished finished) {
                events.add(new RunEvent.TrainingCompleted(
                        Scenario.NOW, finished.generation(), finished.checkpoint(), finished.chain(), 0));
            }
        }
        return events;
    }

    private static RunEvent atLowest(RunState before, RunInput input, RunEvent.GenerationStarted started) {
        if (!(before.phase() instanceof RunPhase.Preparing preparing)
                || !(input instanceof RunInput.Reported reported)
                || !(reported.report() instanceof RunReport.GroupPrepared last)
                || !(started.from() instanceof StartPoint.FromMember)) {
            return started;
        }
        List<RunReport.GroupPrepared> all = new ArrayList<>(preparing.prepared().values());
        all.add(last);
        Optional<RunReport.GroupPrepared> lowest = all.stream()
                .filter(p -> p.held() != null)
                .min(Comparator.comparingLong(
                        p -> Objects.requireNonNull(p.held()).step()));
        RunReport.GroupPrepared from = lowest.orElseThrow();
        HeldState held = Objects.requireNonNull(from.held());
        return new RunEvent.GenerationStarted(
                started.at(),
                started.generation(),
                new StartPoint.FromMember(from.workerId(), held.step(), held.stateHash()),
                started.gradientDigest());
    }

    /** The state whose journal has these events after another journal. */
    static RunState withHistory(RunState state, @Nullable RunHistory before, List<RunEvent> events) {
        RunHistory history = before;
        for (RunEvent event : events) {
            history = RunHistory.after(history, event);
        }
        return new RunState(
                history,
                state.phase(),
                state.staffing(),
                state.suspects(),
                state.setbacks(),
                state.severed(),
                state.unmet(),
                state.progress(),
                state.speeds(),
                state.reachedStep(),
                state.graceUntil(),
                state.quietUntil(),
                state.lastNeed(),
                state.changedNumber(),
                state.needAt());
    }

    /** A command as it is sent: to start where the journal says. */
    static WorkerCommand command(@Nullable Guard removed, WorkerCommand command, @Nullable StartPoint journaled) {
        return removed == Guard.HIGHEST_STEP && journaled != null && command instanceof WorkerCommand.StartGroup start
                ? new WorkerCommand.StartGroup(start.runId(), start.generation(), journaled)
                : command;
    }
}

package org.isofleet.coordinator.run;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.isofleet.metrics.live.LiveEvent;
import org.isofleet.protocol.group.GroupPlan;
import org.isofleet.protocol.group.KernelClass;
import org.isofleet.protocol.group.Member;
import org.isofleet.protocol.group.WorkerCommand;
import org.isofleet.protocol.run.RunEvent;
import org.isofleet.protocol.run.RunHistory;
import org.isofleet.protocol.run.RunNeed;
import org.isofleet.protocol.run.RunOrder;
import org.isofleet.protocol.run.RunOutcome;
import org.isofleet.protocol.run.Staffing;
import org.jspecify.annotations.Nullable;

/**
 * One decision while it is made: the state as far as it has come, and what was decided on the way. Lives for one call of
 * {@link RunDecider#decide} and is seen by nobody else.
 */
final class RunTurn {
    final Instant now;
    final RunPace pace;
    private final String checkpointStore;
    private final List<RunEvent> events = new ArrayList<>();
    private final List<RunEffect> effects = new ArrayList<>();

    private @Nullable RunHistory history;
    RunPhase phase;
    Staffing staffing;
    final Map<RunNeed.Holding, Instant> suspects;
    final Map<RunNeed.Holding, Setback> setbacks;
    private final Map<WorkerPair, Setback> severed;

    @Nullable
    UnmetNeed unmet;

    @Nullable
    StepProgress progress;

    GroupSpeeds speeds;
    long reachedStep;
    Instant graceUntil;
    Instant quietUntil;
    private @Nullable RunNeed lastNeed;
    private long changedNumber;
    private Instant needAt;

    RunTurn(RunState state, Instant now, RunPace pace, String checkpointStore) {
        this.now = now;
        this.pace = pace;
        this.checkpointStore = checkpointStore;
        history = state.history();
        phase = state.phase();
        staffing = state.staffing();
        suspects = new HashMap<>(state.suspects());
        suspects.values().removeIf(until -> !now.isBefore(until));
        setbacks = new HashMap<>(state.setbacks());
        setbacks.values().removeIf(setback -> setback.isForgotten(now, pace.longest()));
        severed = new HashMap<>(state.severed());
        severed.values().removeIf(setback -> setback.isForgotten(now, pace.longest()));
        unmet = state.unmet();
        progress = state.progress();
        speeds = state.speeds();
        reachedStep = state.reachedStep();
        graceUntil = state.graceUntil();
        quietUntil = state.quietUntil();
        lastNeed = state.lastNeed();
        changedNumber = state.changedNumber();
        needAt = state.needAt();
    }

    boolean isOrdered() {
        return history != null;
    }

    RunHistory history() {
        if (history == null) {
            throw new IllegalStateException("nobody has ordered this run");
        }
        return history;
    }

    RunOrder order() {
        return history().order();
    }

    /** Persists an event and shows it. */
    void persist(RunEvent event) {
        history = RunHistory.after(history, event);
        events.add(event);
        RunLive.of(history, event).forEach(this::publish);
    }

    void publish(LiveEvent event) {
        effects.add(new RunEffect.Publish(event));
    }

    void publishState(LiveEvent.RunState state, @Nullable String reason) {
        publish(RunLive.changed(now, history(), state, reason));
    }

    void warn(String text) {
        publish(new LiveEvent.Warning(now, history().runId(), text));
    }

    void command(String workerId, long incarnation, WorkerCommand command) {
        effects.add(new RunEffect.Command(workerId, incarnation, command));
    }

    void command(Member member, WorkerCommand command) {
        command(member.workerId(), member.incarnation(), command);
    }

    /** The newest generation as it is told to members. */
    GroupPlan plan() {
        return new GroupPlan(
                order().spec(),
                history().generation(),
                history().group().members(),
                checkpointStore,
                history().group().audited() ? 1 : order().policy().audit());
    }

    String checkpointStore() {
        return checkpointStore;
    }

    /** Time in the step loop until now. */
    double trainSeconds() {
        double before = history().trainSeconds();
        if (phase instanceof RunPhase.Training training) {
            return before + Duration.between(training.countedFrom(), now).toMillis() / 1e3;
        }
        return before;
    }

    void suspect(Member member, Duration wait) {
        suspect(member, now.plus(wait));
    }

    void suspect(Member member, Instant until) {
        suspects.merge(holding(member), until, (one, other) -> one.isAfter(other) ? one : other);
    }

    /** Never takes a worker process into the group again. */
    void exclude(Member member) {
        suspect(member, Instant.MAX);
    }

    boolean isSuspect(Member member) {
        return suspects.containsKey(holding(member));
    }

    static RunNeed.Holding holding(Member member) {
        return new RunNeed.Holding(member.workerId(), member.incarnation());
    }

    /** Has members of the newest generation say where their threads stand, before they are replaced. */
    void captureStacks(List<Member> members, String reason) {
        for (Member member : members) {
            command(
                    member,
                    new WorkerCommand.CaptureStacks(history().runId(), history().generation(), reason));
        }
    }

    /** A member answers nothing, though it lives. */
    void hang(Member member) {
        suspect(member, pace.hung());
        avoid(member, now.plus(pace.hung()));
    }

    /** Notes that two workers lost each other; {@code anew}: what was between them before does not count. */
    Setback sever(WorkerPair pair, boolean anew) {
        Setback before = anew ? null : severed.get(pair);
        Setback after = Setback.after(before, now, pace.doubt(), pace.longest());
        severed.put(pair, after);
        return after;
    }

    /** Leaves a worker to others from a time on, if another worker can compute the run. */
    void avoid(Member member, Instant from) {
        avoid(holding(member), from);
    }

    void avoid(RunNeed.Holding worker, Instant from) {
        setbacks.compute(worker, (w, before) -> Setback.after(before, from, pace.sick(), pace.longest()));
    }

    /** The kernel class that the run is bound to: its bits so far come from it. */
    @Nullable
    KernelClass kernelClass() {
        boolean nothingTrained = !isStaffed() && history().commits().isEmpty();
        return !order().spec().exact() || nothingTrained
                ? null
                : history().group().kernelClass();
    }

    /** Frees all members of the newest generation; call it before the event that closes it. */
    void releaseMembers() {
        release(history().group().members());
    }

    /** Frees members that the newest generation has, or had until it was closed. */
    void release(List<Member> members) {
        for (Member member : members) {
            command(
                    member,
                    new WorkerCommand.ReleaseGroup(history().runId(), history().generation()));
        }
    }

    /** Whether it has a group that trains or is about to. */
    boolean isStaffed() {
        return phase instanceof RunPhase.Preparing || phase instanceof RunPhase.Training;
    }

    /** Whether an attempt has failed and those who did not fail it are kept for the next one. */
    boolean keepsMembers() {
        return phase instanceof RunPhase.BackingOff
                && history().failures() == 1
                && history().diverged() == null
                && history().group().trustsMemory(history().generation())
                && order().policy().attempts() > 1;
    }

    void settle(RunOutcome outcome, @Nullable String reason) {
        releaseMembers();
        persist(new RunEvent.RunSettled(now, outcome, reason));
        phase = new RunPhase.Settled();
        tellStudy();
    }

    /** Says how it ended, if it has; or that it goes on, if what it ended with may have been in doubt. */
    void tellStudy() {
        RunEvent.RunSettled settled = history().settled();
        if (settled == null && history().group().doubt() != null) {
            reopen();
        } else if (settled != null) {
            effects.add(new RunEffect.Settle(
                    order().studyId(),
                    history().runId(),
                    settled.outcome(),
                    settled.reason(),
                    history().heldOutLoss().orElse(null),
                    Math.max(reachedStep, history().committedStep())));
        }
    }

    /** Has the study wait for it again. */
    void reopen() {
        effects.add(new RunEffect.Reopen(order().studyId(), history().runId()));
    }

    /** Whether a staffing knew of everything that the run wants and has now. */
    boolean isCurrent(Staffing said) {
        return said.isNewerThan(staffing) && said.needNumber() >= changedNumber;
    }

    RunDecision end() {
        if (history != null) {
            sayNeed(NeedRules.wanted(this));
        }
        RunState next = new RunState(
                history,
                phase,
                staffing,
                suspects,
                setbacks,
                severed,
                unmet,
                progress,
                speeds,
                reachedStep,
                graceUntil,
                quietUntil,
                lastNeed,
                changedNumber,
                needAt);
        return new RunDecision(next, events, effects, RunClock.wakeAt(next, now));
    }

    private void sayNeed(RunNeed need) {
        RunNeed last = lastNeed;
        boolean changed = last == null ? !need.isEmpty() : !need.asksTheSameAs(last);
        if (!changed && (need.isEmpty() || now.isBefore(needAt))) {
            return;
        }
        // Above all numbers from before a restart: by the clock at once, and else as soon as placement names a higher
        // one.
        long above = Math.max(last == null ? 0 : last.number(), staffing.needNumber()) + 1;
        long number = Math.max(above, now.toEpochMilli());
        lastNeed = need.numbered(number);
        changedNumber = changed ? number : changedNumber;
        needAt = now.plus(pace.needEvery());
        effects.add(new RunEffect.Need(lastNeed));
    }
}

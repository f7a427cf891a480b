package org.isofleet.coordinator.run;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.isofleet.coordinator.TestPlans;
import org.isofleet.protocol.group.BulkAddress;
import org.isofleet.protocol.group.CheckpointRef;
import org.isofleet.protocol.group.Divergence;
import org.isofleet.protocol.group.HeldState;
import org.isofleet.protocol.group.KernelClass;
import org.isofleet.protocol.group.Member;
import org.isofleet.protocol.group.RunReport;
import org.isofleet.protocol.run.RunHistory;
import org.isofleet.protocol.run.RunOrder;
import org.isofleet.protocol.run.Staffing;
import org.isofleet.protocol.study.EvaluationKind;
import org.isofleet.protocol.study.EvaluationSpec;
import org.isofleet.protocol.study.RunId;
import org.isofleet.protocol.study.RunPolicy;
import org.isofleet.protocol.study.RunSpec;
import org.jspecify.annotations.Nullable;

/**
 * A run that is told one thing after another by hand, with a clock that moves only when the story says so. What the last
 * input brought about is read as text ({@link DecisionText}). Workers are {@code w0}, {@code w1} and so on; the run wants two of
 * them, has 100 steps and four virtual shards. Every generation must be prepared within 10 s, back-off begins at 1 s and ends at 4 s, and
 * three attempts are all there are.
 */
final class RunStory {
    static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    static final KernelClass A = new KernelClass("dl4j-1", "a", "fp32");
    static final KernelClass B = new KernelClass("dl4j-1", "b", "fp32");
    private static final RunPolicy POLICY = new RunPolicy(
            2,
            3,
            Duration.ofSeconds(1),
            Duration.ofSeconds(4),
            Duration.ofSeconds(10),
            Duration.ofMinutes(5),
            Duration.ofMinutes(10),
            0);

    private final RunDecider decider = new RunDecider("store", RunPace.DEFAULT);
    private final RunOrder order;
    private final Map<String, Staffing.Seat> group = new TreeMap<>();
    private final Map<EvaluationKind, Staffing.Seat> evaluators = new EnumMap<>(EvaluationKind.class);
    private List<KernelClass> present = List.of(A);
    private @Nullable List<KernelClass> roomy;
    private RunState state = RunState.recovering(null);
    private @Nullable RunDecision last;
    private Instant now = START;
    private long epoch = START.toEpochMilli();
    private long number;

    private RunStory(RunOrder order) {
        this.order = order;
        told(new RunInput.Recovered());
    }

    /** Nobody has asked for the run yet. */
    static RunStory unordered(EvaluationKind... kinds) {
        return of(true, kinds);
    }

    /** The run whose groups may mix kernel classes. */
    static RunStory inexact() {
        return of(false);
    }

    private static RunStory of(boolean exact, EvaluationKind... kinds) {
        RunSpec promised = TestPlans.spec(100, 1);
        RunSpec spec = exact ? promised : TestPlans.inexact(promised);
        EvaluationSpec evaluation = new EvaluationSpec(List.of(kinds), 0, 0, 16, 0, 1.0, 1);
        return new RunStory(new RunOrder("study", 0, spec, evaluation, POLICY));
    }

    /** The run was ordered and has no worker. */
    static RunStory waiting(EvaluationKind... kinds) {
        return unordered(kinds).ordered();
    }

    /** Generation 1 of w0 and w1 was told to prepare. */
    static RunStory preparing(EvaluationKind... kinds) {
        return waiting(kinds).seat("w0").seat("w1").staffed();
    }

    /** Generation 1 of w0 and w1 was told to start. */
    static RunStory starting(EvaluationKind... kinds) {
        return preparing(kinds).prepared("w0").prepared("w1");
    }

    /** Generation 1 of w0 and w1 trains. */
    static RunStory training(EvaluationKind... kinds) {
        return starting(kinds).running("w0").running("w1");
    }

    /** Trained by w0 and w1, which are free. */
    static RunStory trained(EvaluationKind... kinds) {
        return training(kinds).finished("w0").leaves("w0").leaves("w1");
    }

    RunId runId() {
        return order.runId();
    }

    RunHistory history() {
        return Objects.requireNonNull(state.history(), "nothing was ordered");
    }

    RunState state() {
        return state;
    }

    RunDecision last() {
        return Objects.requireNonNull(last);
    }

    Instant now() {
        return now;
    }

    /** Time passes unnoticed. */
    RunStory later(double seconds) {
        now = now.plusMillis(Math.round(seconds * 1000));
        return this;
    }

    RunStory woken() {
        return told(new RunInput.Woke());
    }

    RunStory stopped() {
        return told(new RunInput.Stopped(order, "it tells nothing"));
    }

    RunStory ordered() {
        return told(new RunInput.Ordered(order));
    }

    /** The study was submitted again with a policy that allows more attempts. */
    RunStory orderedWithAttempts(int attempts) {
        RunPolicy policy = TestPlans.policy(POLICY.workersPerRun(), attempts, POLICY.prepareTimeout());
        return told(new RunInput.Ordered(
                new RunOrder(order.studyId(), order.position(), order.spec(), order.evaluation(), policy)));
    }

    /** A new process of the coordinator reads the journal. */
    RunStory restarted() {
        state = RunState.recovering(state.history());
        return told(new RunInput.Recovered());
    }

    /** Placement gives a worker to the group; heard with the next {@link #staffed}. */
    RunStory seat(String worker) {
        return seat(worker, 1, A, null);
    }

    RunStory seat(String worker, long incarnation, KernelClass kernelClass, @Nullable HeldState held) {
        group.put(worker, new Staffing.Seat(member(worker, incarnation), kernelClass, held, null, false));
        return this;
    }

    /** A worker of the group stands at a step of the newest generation. */
    RunStory holding(String worker, long step) {
        return seat(worker, 1, A, holds(generation(), step, step));
    }

    /** A newcomer has copied the state of the group that trains. */
    RunStory caughtUp(String worker, long step) {
        return holding(worker, step).staffed();
    }

    /** A newcomer cannot follow the group that trains. */
    RunStory cannotFollow(String worker) {
        return reported(worker, 1, new RunReport.FollowingFailed(runId(), generation(), worker, "reset"));
    }

    /** The kernel classes of all workers that live; {@link #A} if the story says nothing else. */
    /** The classes of which a worker has the memory; without it all have. */
    RunStory roomy(KernelClass... classes) {
        roomy = List.of(classes);
        return this;
    }

    RunStory present(KernelClass... classes) {
        present = List.of(classes);
        return this;
    }

    RunStory evaluator(EvaluationKind kind, String worker, @Nullable EvaluationKind busyWith) {
        evaluators.put(kind, new Staffing.Seat(member(worker, 1), A, null, busyWith, false));
        return this;
    }

    /** Placement asks for a member back. */
    RunStory askedBack(String worker) {
        group.computeIfPresent(
                worker,
                (id, seat) ->
                        new Staffing.Seat(seat.member(), seat.kernelClass(), seat.held(), seat.evaluating(), true));
        return this;
    }

    RunStory leaves(String worker) {
        group.remove(worker);
        evaluators.values().removeIf(seat -> seat.workerId().equals(worker));
        return this;
    }

    /** A new placement with the workers of the old one. */
    RunStory newPlacement() {
        epoch = now.toEpochMilli() + 1;
        number = 0;
        return this;
    }

    RunStory staffed() {
        return staffed(epoch, ++number, state.changedNumber());
    }

    RunStory staffed(long inEpoch, long numbered, long knowing) {
        return told(new RunInput.Staffed(new Staffing(
                inEpoch,
                numbered,
                knowing,
                List.copyOf(group.values()),
                Map.copyOf(evaluators),
                present,
                roomy == null ? present : roomy)));
    }

    long epoch() {
        return epoch;
    }

    HeldState holds(long generation, long step, long hash) {
        return new HeldState(runId(), generation, step, hash);
    }

    CheckpointRef checkpoint(long step) {
        return checkpoint(step, step);
    }

    CheckpointRef checkpoint(long step, long digest) {
        return new CheckpointRef(runId(), step, "%064x".formatted(digest), "step-" + step);
    }

    RunStory prepared(String worker) {
        return prepared(worker, null);
    }

    RunStory prepared(String worker, @Nullable HeldState held) {
        return reported(worker, 1, new RunReport.GroupPrepared(runId(), generation(), worker, held, "digest"));
    }

    /** A member reports that it trains, and its next heartbeat shows it. */
    RunStory running(String worker) {
        return running(worker, 0);
    }

    RunStory running(String worker, long step) {
        return reported(worker, 1, new RunReport.GroupRunning(runId(), generation(), worker, step, false))
                .holding(worker, step)
                .staffed();
    }

    RunStory committed(String worker, long step) {
        return reported(worker, 1, new RunReport.CheckpointWritten(runId(), generation(), worker, checkpoint(step)));
    }

    RunStory finished(String worker) {
        return reported(
                worker, 1, new RunReport.TrainingFinished(runId(), generation(), worker, checkpoint(100), "chain", 1));
    }

    RunStory failed(String worker) {
        return reported(worker, 1, new RunReport.TrainingFailed(runId(), generation(), worker, "no memory"));
    }

    /** A member's loss is no number at a step; what it computed is told by one word. */
    RunStory diverged(String worker, long step, String bits) {
        return reported(
                worker,
                1,
                new RunReport.TrainingFailed(
                        runId(),
                        generation(),
                        worker,
                        "step %d has loss NaN".formatted(step),
                        new Divergence(step, bits)));
    }

    RunStory lost(String worker, String peer) {
        return reported(worker, 1, new RunReport.PeerLost(runId(), generation(), worker, peer, "reset"));
    }

    RunStory unreadable(String worker, long step) {
        return reported(
                worker,
                1,
                new RunReport.CheckpointUnreadable(runId(), generation(), worker, checkpoint(step), "damaged"));
    }

    RunStory reported(String worker, long incarnation, RunReport report) {
        return told(new RunInput.Reported(worker, incarnation, report));
    }

    RunStory told(RunInput input) {
        last = decider.decide(state, input, now);
        state = last.next();
        return this;
    }

    long generation() {
        return state.history() == null ? 0 : history().generation();
    }

    /** Events, commands, warnings and the outcome of the last decision, in order. */
    List<String> outcome() {
        List<String> lines = new ArrayList<>();
        last().events().forEach(event -> lines.add(DecisionText.of(event, now)));
        last().effects().forEach(effect -> lines.addAll(DecisionText.of(effect)));
        return lines;
    }

    String phase() {
        return DecisionText.of(state.phase(), now);
    }

    /** Seconds from now to the next decision; empty when none is scheduled. */
    Optional<Double> wakesInSeconds() {
        return Optional.ofNullable(last().wakeAt())
                .map(at -> Duration.between(now, at).toMillis() / 1e3);
    }

    static Member member(String worker, long incarnation) {
        return new Member(worker, incarnation, new BulkAddress("127.0.0.1", 4000));
    }
}

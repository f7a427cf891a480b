package org.isofleet.coordinator.placement;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.isofleet.protocol.group.BulkAddress;
import org.isofleet.protocol.group.HeldState;
import org.isofleet.protocol.group.KernelClass;
import org.isofleet.protocol.group.Member;
import org.isofleet.protocol.group.WorkerProfile;
import org.isofleet.protocol.run.Growth;
import org.isofleet.protocol.run.RunNeed;
import org.isofleet.protocol.run.Staffing;
import org.isofleet.protocol.run.WorkerStatus;
import org.isofleet.protocol.study.EvaluationKind;
import org.isofleet.protocol.study.RunId;
import org.isofleet.protocol.study.WorkerMemory;
import org.jspecify.annotations.Nullable;

/** Placement that is told one thing after another by hand. Runs are numbers, which are also their places in the study. */
final class PlacementStory {
    static final KernelClass A = new KernelClass("dl4j-1", "a", "fp32");
    static final KernelClass B = new KernelClass("dl4j-1", "b", "fp32");

    private static final Growth GROWTH = new Growth(4, 0, 5);

    private Instant now = Instant.parse("2026-01-01T00:00:00Z");
    private PlacementState state = PlacementState.starting(now);
    private @Nullable PlacementDecision last;
    private WorkerMemory memory = WorkerMemory.NONE;
    private final Map<Integer, Long> needNumbers = new TreeMap<>();
    private final Set<Integer> begun = new TreeSet<>();

    static RunId run(int number) {
        return new RunId("%016x".formatted(number));
    }

    static HeldState held(int run) {
        return new HeldState(run(run), 1, 5, 5);
    }

    PlacementStory later(double seconds) {
        now = now.plusMillis(Math.round(seconds * 1000));
        return this;
    }

    /** A run says from now on that it has had a group. */
    PlacementStory begun(int run) {
        begun.add(run);
        return this;
    }

    /** From now on runs say that a member takes so much, and more for each thread. */
    PlacementStory taking(long fixedBytes, long laneBytes) {
        memory = new WorkerMemory(fixedBytes, laneBytes, 0, 4);
        return this;
    }

    /** A worker of class A with this memory. */
    PlacementStory sized(String worker, int threads, long memoryBytes) {
        Member member = new Member(worker, 1, new BulkAddress("127.0.0.1", 4000));
        WorkerProfile profile = new WorkerProfile(member, "localhost", 1, "cpu", threads, memoryBytes, List.of(A));
        return told(new PlacementInput.WorkerSeen(new WorkerStatus(profile, null, null, "gateway", 0)));
    }

    PlacementStory seen(String... workers) {
        for (String worker : workers) {
            seen(worker, 1, null, null, A);
        }
        return this;
    }

    PlacementStory seen(
            String worker,
            long incarnation,
            @Nullable HeldState held,
            @Nullable EvaluationKind evaluating,
            KernelClass... classes) {
        Member member = new Member(worker, incarnation, new BulkAddress("127.0.0.1", 4000));
        WorkerProfile profile = new WorkerProfile(member, "localhost", 1, "cpu", 1, 1 << 30, List.of(classes));
        return told(new PlacementInput.WorkerSeen(new WorkerStatus(profile, held, evaluating, "gateway", 0)));
    }

    /** A worker of class A that holds a run's parameters takes so many times as long for a shard as it could. */
    PlacementStory paced(String worker, @Nullable HeldState held, double stragglerScore) {
        Member member = new Member(worker, 1, new BulkAddress("127.0.0.1", 4000));
        WorkerProfile profile = new WorkerProfile(member, "localhost", 1, "cpu", 1, 1 << 30, List.of(A));
        return told(new PlacementInput.WorkerSeen(new WorkerStatus(profile, held, null, "gateway", stragglerScore)));
    }

    /** A worker of class A that was asked to end. */
    PlacementStory leaving(String worker, @Nullable HeldState held) {
        Member member = new Member(worker, 1, new BulkAddress("127.0.0.1", 4000));
        WorkerProfile profile = new WorkerProfile(member, "localhost", 1, "cpu", 1, 1 << 30, List.of(A));
        return told(new PlacementInput.WorkerSeen(new WorkerStatus(profile, held, null, "gateway", 0, true)));
    }

    PlacementStory gone(String worker, long incarnation, String gateway) {
        return told(new PlacementInput.WorkerGone(worker, incarnation, gateway));
    }

    /** A run wants so many workers and has some. */
    PlacementStory trains(int run, int workers, String... has) {
        return trains(run, workers, GROWTH, has);
    }

    /** A run to which more workers than those are worth something. */
    PlacementStory trains(int run, int workers, Growth growth, String... has) {
        return needs(run, true, null, workers, growth, List.of(has), List.of());
    }

    PlacementStory trains(int run, boolean exact, @Nullable KernelClass pinned, int workers) {
        return needs(run, exact, pinned, workers, GROWTH, List.of(), List.of());
    }

    PlacementStory measures(int run, EvaluationKind... kinds) {
        return needs(
                run,
                true,
                null,
                0,
                Growth.NONE,
                List.of(),
                Stream.of(kinds).map(kind -> new RunNeed.Evaluation(kind, null)).toList());
    }

    PlacementStory measuresBy(int run, EvaluationKind kind, String worker) {
        return needs(
                run,
                true,
                null,
                0,
                Growth.NONE,
                List.of(),
                List.of(new RunNeed.Evaluation(kind, new RunNeed.Holding(worker, 1))));
    }

    private PlacementStory needs(
            int run,
            boolean exact,
            @Nullable KernelClass pinned,
            int workers,
            Growth growth,
            List<String> has,
            List<RunNeed.Evaluation> evaluations) {
        long number = needNumbers.merge(run, 1L, Long::sum);
        List<RunNeed.Holding> holding =
                has.stream().map(worker -> new RunNeed.Holding(worker, 1)).toList();
        return told(new PlacementInput.Needed(new RunNeed(
                run(run),
                number,
                run,
                begun.contains(run),
                "dl4j",
                "fp32",
                exact,
                pinned,
                memory,
                workers,
                growth,
                holding,
                List.of(),
                evaluations,
                List.of())));
    }

    PlacementStory told(PlacementInput input) {
        last = PlacementDecider.decide(state, input, now);
        state = last.next();
        return this;
    }

    RunNeed need(int run) {
        return Objects.requireNonNull(state.needs().get(run(run))).need();
    }

    PlacementState state() {
        return state;
    }

    /** Who works for whom: {@code w0:1} in the group of run 1, {@code w1:1/loss} for a metric of it. */
    String assignments() {
        List<String> lines = new ArrayList<>();
        new TreeMap<>(state.workers()).forEach((id, worker) -> {
            PlacementState.Assignment to = worker.assignment();
            if (to != null) {
                String metric = to.kind() == null ? "" : "/" + to.kind();
                lines.add(id + ":" + Integer.parseInt(to.runId().value(), 16) + metric);
            }
        });
        return String.join(" ", lines);
    }

    /** What the last input brought about: {@code 1 <- w0 w1}, {@code w3 leaves 2}. */
    List<String> outcome() {
        return Objects.requireNonNull(last).effects().stream()
                .map(PlacementStory::text)
                .toList();
    }

    Staffing staffing() {
        return Objects.requireNonNull(last).effects().stream()
                .filter(PlacementEffect.Staff.class::isInstance)
                .map(effect -> ((PlacementEffect.Staff) effect).staffing())
                .findFirst()
                .orElseThrow();
    }

    private static String text(PlacementEffect effect) {
        if (effect instanceof PlacementEffect.Staff staff) {
            List<String> seats = new ArrayList<>();
            staff.staffing().group().forEach(seat -> seats.add(seat.workerId()));
            new TreeMap<>(staff.staffing().evaluators())
                    .forEach((kind, seat) -> seats.add(seat.workerId() + "/" + kind));
            return Integer.parseInt(staff.runId().value(), 16) + " <- " + String.join(" ", seats);
        }
        PlacementEffect.Release release = (PlacementEffect.Release) effect;
        return release.workerId() + " leaves "
                + Integer.parseInt(release.runId().value(), 16);
    }
}

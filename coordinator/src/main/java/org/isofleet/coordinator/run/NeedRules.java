package org.isofleet.coordinator.run;

import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.isofleet.protocol.run.DivergedAttempt;
import org.isofleet.protocol.run.EvaluationHistory;
import org.isofleet.protocol.run.Growth;
import org.isofleet.protocol.run.RunNeed;
import org.isofleet.protocol.study.MemoryEstimate;

/** What a run wants of placement, and whom it holds or would rather not have. */
final class NeedRules {
    /** One order, whatever a map has them in. */
    static final Comparator<RunNeed.Holding> BY_NAME =
            Comparator.comparing(RunNeed.Holding::workerId).thenComparingLong(RunNeed.Holding::incarnation);

    private NeedRules() {}

    /** What it wants now, without a number. */
    static RunNeed wanted(RunTurn turn) {
        boolean staffed = turn.isStaffed();
        boolean trains = staffed || (turn.phase instanceof RunPhase.Waiting && !isQuiet(turn));
        List<RunNeed.Holding> holding = staffed ? members(turn) : kept(turn);
        return new RunNeed(
                turn.history().runId(),
                0,
                turn.order().position(),
                turn.history().generation() > 0,
                turn.order().spec().engine(),
                turn.order().spec().precision(),
                turn.order().spec().exact(),
                turn.kernelClass(),
                MemoryEstimate.worker(turn.order().spec()),
                trains ? turn.order().workersWanted() : holding.size(),
                trains ? GrowthRules.growth(turn) : Growth.NONE,
                holding,
                those(turn.suspects, Instant.MAX::equals),
                turn.phase instanceof RunPhase.Evaluating ? evaluations(turn) : List.of(),
                avoided(turn));
    }

    /**
     * When everything starts anew, runs speak one after the other; one that has never begun waits a while, so that it takes no worker from
     * one that has.
     */
    private static boolean isQuiet(RunTurn turn) {
        return turn.history().generation() == 0 && turn.now.isBefore(turn.quietUntil);
    }

    private static List<RunNeed.Holding> members(RunTurn turn) {
        return turn.history().group().members().stream().map(RunTurn::holding).toList();
    }

    /** Who holds the run's parameters between two attempts. */
    private static List<RunNeed.Holding> kept(RunTurn turn) {
        return !turn.keepsMembers()
                ? List.of()
                : turn.staffing.group().stream()
                        .filter(s -> s.held() != null
                                && s.held().runId().equals(turn.history().runId()))
                        .map(s -> RunTurn.holding(s.member()))
                        .toList();
    }

    /** Whom it would rather not have: on whom it failed lately, and those whose last step is to be computed once more by others. */
    private static List<RunNeed.Holding> avoided(RunTurn turn) {
        List<RunNeed.Holding> failed = those(turn.setbacks, setback -> turn.now.isBefore(setback.until()));
        DivergedAttempt diverged = turn.history().diverged();
        return diverged == null
                ? failed
                : Stream.concat(failed.stream(), diverged.members().stream().map(RunTurn::holding))
                        .distinct()
                        .sorted(BY_NAME)
                        .toList();
    }

    /** The workers of which something holds, in one order. */
    private static <V> List<RunNeed.Holding> those(Map<RunNeed.Holding, V> workers, Predicate<V> holds) {
        return workers.entrySet().stream()
                .filter(entry -> holds.test(entry.getValue()))
                .map(Map.Entry::getKey)
                .sorted(BY_NAME)
                .toList();
    }

    private static List<RunNeed.Evaluation> evaluations(RunTurn turn) {
        return turn.history().evaluations().stream()
                .filter(e -> EvaluationRules.isDue(e, turn.now))
                .map(NeedRules::evaluation)
                .toList();
    }

    private static RunNeed.Evaluation evaluation(EvaluationHistory history) {
        EvaluationHistory.Assignee by = history.assigned();
        return new RunNeed.Evaluation(
                history.kind(), by == null ? null : new RunNeed.Holding(by.workerId(), by.incarnation()));
    }
}

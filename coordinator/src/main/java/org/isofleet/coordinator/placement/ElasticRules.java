package org.isofleet.coordinator.placement;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.isofleet.protocol.group.KernelClass;
import org.isofleet.protocol.run.RunNeed;
import org.isofleet.protocol.study.EvaluationKind;
import org.jspecify.annotations.Nullable;

/**
 * Who works for a run beyond the number that its study asks for. A worker for whom no run waits and no metric is due joins the run that
 * saves most time by it ({@link org.isofleet.protocol.run.Growth}), if that is more than its joining costs: so larger runs get more. As
 * soon as a run or a metric waits that such a worker could serve, it is asked back from the run that loses least by it. The run goes on
 * without it first and says so; only then is it given away. A run is never asked for those that its study grants it.
 */
final class ElasticRules {
    private ElasticRules() {}

    /** Gives idle workers to the runs that gain most. */
    static void grow(PlacementTurn turn) {
        for (PlacementState.Worker worker : List.copyOf(turn.workers.values())) {
            if (worker.assignment() == null) {
                turn.inOrder().stream()
                        .filter(need -> need.growth().pays(size(turn, need)))
                        .filter(need -> joinsAs(turn, worker, need).isPresent())
                        .max(Comparator.comparingDouble(need -> need.growth().gainSeconds(size(turn, need))))
                        .ifPresent(need -> turn.assign(
                                worker,
                                new PlacementState.Assignment(
                                        need.runId(),
                                        null,
                                        joinsAs(turn, worker, need).orElseThrow())));
            }
        }
    }

    /** The class in which a free worker would join a group; empty if it cannot. */
    private static Optional<KernelClass> joinsAs(PlacementTurn turn, PlacementState.Worker worker, RunNeed need) {
        if (!AssignmentRules.isFree(turn, worker, need.runId())
                || StragglerRules.isLeftOut(turn, worker, need)
                || !AssignmentRules.suits(turn, worker, need, null)) {
            return Optional.empty();
        }
        Optional<KernelClass> offered = AssignmentRules.fit(worker, need, null);
        Optional<KernelClass> has = AssignmentRules.kernelClass(turn.group(need.runId()));
        return need.exact() && has.isPresent() ? offered.filter(has.get()::equals) : offered;
    }

    /**
     * Asks workers back for those who wait, one each: a run begins with one as well. A placement that is new does not yet know who works
     * for whom and asks nobody.
     */
    static void askBack(PlacementTurn turn) {
        if (!turn.knowsWorkers()) {
            return;
        }
        for (RunNeed need : turn.inOrder()) {
            if (need.workers() > 0 && size(turn, need) == 0) {
                askBack(turn, need, null);
            }
            if (need.evaluations().stream().noneMatch(e -> turn.isEvaluated(need.runId(), e.kind()))) {
                need.evaluations().stream().findFirst().ifPresent(e -> askBack(turn, need, e.kind()));
            }
        }
    }

    private static void askBack(PlacementTurn turn, RunNeed waiting, @Nullable EvaluationKind kind) {
        turn.inOrder().stream()
                .filter(need -> need.workers() > 0 && left(turn, need) > need.workers())
                .filter(need -> !need.runId().equals(waiting.runId()))
                .sorted(Comparator.comparingDouble(need -> need.growth().gainSeconds(left(turn, need) - 1)))
                .flatMap(need -> spared(turn, need).stream()
                        .filter(worker -> AssignmentRules.suits(turn, worker, waiting, kind))
                        .limit(1))
                .findFirst()
                .ifPresent(worker -> give(turn, worker, waiting, kind));
    }

    /** Whoever works for a run is asked back; who does not yet is given away at once. */
    private static void give(
            PlacementTurn turn, PlacementState.Worker worker, RunNeed waiting, @Nullable EvaluationKind kind) {
        if (turn.inOrder().stream().anyMatch(need -> need.has(worker.holding()))) {
            turn.askBack(worker);
        } else {
            turn.free(worker);
            turn.assign(
                    worker,
                    new PlacementState.Assignment(
                            waiting.runId(),
                            kind,
                            AssignmentRules.fit(worker, waiting, kind).orElseThrow()));
        }
    }

    /** Members of a group that would go first: who does not work in it yet, then the newest; the first one writes checkpoints. */
    private static List<PlacementState.Worker> spared(PlacementTurn turn, RunNeed need) {
        List<PlacementState.Worker> group = new ArrayList<>(turn.staying(need.runId()));
        group.removeIf(turn::isAskedBack);
        group.sort(Comparator.comparingInt((PlacementState.Worker worker) -> place(need, worker))
                .reversed());
        return group;
    }

    private static int place(RunNeed need, PlacementState.Worker worker) {
        int place = need.group().indexOf(worker.holding());
        return place < 0 ? Integer.MAX_VALUE : place;
    }

    private static int size(PlacementTurn turn, RunNeed need) {
        return turn.staying(need.runId()).size();
    }

    /** Members that stay and were not asked back. */
    private static int left(PlacementTurn turn, RunNeed need) {
        return (int) turn.staying(need.runId()).stream()
                .filter(worker -> !turn.isAskedBack(worker))
                .count();
    }
}

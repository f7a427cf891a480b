package org.isofleet.coordinator.placement;

import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.isofleet.protocol.group.HeldState;
import org.isofleet.protocol.group.KernelClass;
import org.isofleet.protocol.group.WorkerProfile;
import org.isofleet.protocol.run.RunNeed;
import org.isofleet.protocol.study.EvaluationKind;
import org.isofleet.protocol.study.RunId;
import org.jspecify.annotations.Nullable;

/** How assignments are brought in line with who lives and what runs want. */
final class AssignmentRules {
    private AssignmentRules() {}

    /** A run that says it has a worker keeps it, unless another has it. */
    static void claim(PlacementTurn turn) {
        for (RunNeed need : turn.inOrder()) {
            for (RunNeed.Holding holding : need.group()) {
                claim(turn, need, holding, null);
            }
            for (RunNeed.Evaluation evaluation : need.evaluations()) {
                if (evaluation.by() != null && !turn.isEvaluated(need.runId(), evaluation.kind())) {
                    claim(turn, need, evaluation.by(), evaluation.kind());
                }
            }
        }
    }

    private static void claim(
            PlacementTurn turn, RunNeed need, RunNeed.Holding holding, @Nullable EvaluationKind kind) {
        PlacementState.Worker worker = turn.workers.get(holding.workerId());
        if (worker == null || !worker.is(holding) || worker.assignment() != null) {
            return;
        }
        // Whoever works for it has the memory for it, whatever was estimated.
        (kind == null ? need.fit(worker.status().profile().kernelClasses()) : fit(worker, need, kind))
                .ifPresent(k -> turn.assign(worker, new PlacementState.Assignment(need.runId(), kind, k)));
    }

    /** Takes back workers that their run does not want any more. */
    static void free(PlacementTurn turn) {
        for (PlacementState.Worker worker : List.copyOf(turn.workers.values())) {
            PlacementState.Assignment to = worker.assignment();
            if (to != null && (!isWanted(turn, worker, to) || isSurplus(turn, worker, to))) {
                turn.free(worker);
            }
        }
    }

    /** Tells a worker to leave its run when it works for nobody, for example because the run went on without it. */
    static void release(PlacementTurn turn, String workerId) {
        PlacementState.Worker worker = turn.workers.get(workerId);
        HeldState held = worker == null ? null : worker.status().held();
        if (worker != null && held != null && worker.assignment() == null && !isReserved(turn, worker)) {
            turn.release(worker, held.runId(), held.generation());
        }
    }

    private static boolean isWanted(PlacementTurn turn, PlacementState.Worker worker, PlacementState.Assignment to) {
        PlacementState.Need need = turn.needs.get(to.runId());
        if (need == null || (!need.need().has(worker.holding()) && isUnwelcome(turn, worker, need.need(), to))) {
            return false;
        }
        return to.kind() == null
                ? need.need().workers() > 0 && !isUnfit(worker, need.need())
                : need.need().evaluations().stream().anyMatch(e -> e.kind() == to.kind());
    }

    /**
     * Whether a run does not work with a worker and does not need it: it took the place of a member that had not registered yet and now has,
     * it was given back, or what is left of the run is not worth its joining any more.
     */
    private static boolean isSurplus(PlacementTurn turn, PlacementState.Worker worker, PlacementState.Assignment to) {
        PlacementState.Need need = turn.needs.get(to.runId());
        int size = turn.staying(to.runId()).size();
        return need != null
                && to.kind() == null
                && size > need.need().workers()
                && !need.need().growth().pays(size - 1)
                && need.need().group().stream().noneMatch(worker::is);
    }

    /** Whether a worker can compute a run, or a metric of it, and nothing speaks against it. */
    static boolean suits(
            PlacementTurn turn, PlacementState.Worker worker, RunNeed need, @Nullable EvaluationKind kind) {
        return fit(worker, need, kind).isPresent()
                && !(kind == null && isUnfit(worker, need))
                && !isAvoided(turn, worker, need, kind);
    }

    private static boolean isUnfit(PlacementState.Worker worker, RunNeed need) {
        return need.unfit().stream().anyMatch(worker::is);
    }

    /** Whether a worker is kept for the run whose parameters it holds. */
    private static boolean isReserved(PlacementTurn turn, PlacementState.Worker worker) {
        HeldState held = worker.status().held();
        Instant until = worker.freeSince().plus(PlacementState.RESERVED);
        return held != null && !worker.leaves() && !turn.needs.containsKey(held.runId()) && turn.now.isBefore(until);
    }

    private static boolean isUnwelcome(
            PlacementTurn turn, PlacementState.Worker worker, RunNeed need, PlacementState.Assignment to) {
        return worker.leaves()
                || isAvoided(turn, worker, need, to.kind())
                || (to.kind() == null && StragglerRules.isLeftOut(turn, worker, need));
    }

    /** Gives free workers to whoever wants them most. */
    static void assign(PlacementTurn turn) {
        List<RunNeed> needs = turn.inOrder();
        needs.forEach(need -> evaluate(turn, need));
        needs.stream().filter(need -> !turn.group(need.runId()).isEmpty()).forEach(need -> fill(turn, need));
        needs.stream()
                .filter(need -> turn.group(need.runId()).isEmpty())
                .sorted(Comparator.comparing(need -> !need.begun()))
                .forEach(need -> fill(turn, need));
        ElasticRules.grow(turn);
        ElasticRules.askBack(turn);
        StragglerRules.replace(turn);
        LeaveRules.handOver(turn);
    }

    private static void evaluate(PlacementTurn turn, RunNeed need) {
        for (RunNeed.Evaluation evaluation : need.evaluations()) {
            if (turn.isEvaluated(need.runId(), evaluation.kind())) {
                continue;
            }
            candidates(turn, need, evaluation.kind()).entrySet().stream()
                    .findFirst()
                    .ifPresent(found -> turn.assign(
                            found.getValue().get(0),
                            new PlacementState.Assignment(need.runId(), evaluation.kind(), found.getKey())));
        }
    }

    /** Fills a group up to what its study grants it, in the class that it has or, for a new one, in the class with the most free workers. */
    private static void fill(PlacementTurn turn, RunNeed need) {
        List<PlacementState.Worker> group = turn.group(need.runId());
        int open = need.workers() - turn.staying(need.runId()).size();
        if (open <= 0) {
            return;
        }
        Optional<KernelClass> has = kernelClass(group);
        Map<KernelClass, List<PlacementState.Worker>> candidates = candidates(turn, need, null);
        candidates.replaceAll((kernelClass, workers) ->
                workers.stream().filter(worker -> !isUnfit(worker, need)).toList());
        Optional<KernelClass> chosen = has.isPresent() && need.exact()
                ? has
                : candidates.entrySet().stream()
                        .max(Comparator.comparingInt(e -> e.getValue().size()))
                        .map(Map.Entry::getKey);
        chosen.ifPresent(kernelClass -> candidates.getOrDefault(kernelClass, List.of()).stream()
                .limit(open)
                .forEach(w -> turn.assign(w, new PlacementState.Assignment(need.runId(), null, kernelClass))));
    }

    /** The class of a group; empty when nobody is in it. */
    static Optional<KernelClass> kernelClass(List<PlacementState.Worker> group) {
        return group.stream()
                .flatMap(w -> Optional.ofNullable(w.assignment()).stream())
                .map(PlacementState.Assignment::kernelClass)
                .findFirst();
    }

    /** Free workers that can compute a run, by the class they would compute in; those who hold its parameters first. */
    private static Map<KernelClass, List<PlacementState.Worker>> candidates(
            PlacementTurn turn, RunNeed need, @Nullable EvaluationKind kind) {
        return turn.workers.values().stream()
                .filter(w -> isFree(turn, w, need.runId()) && !isAvoided(turn, w, need, kind))
                .filter(w -> kind != null || !StragglerRules.isLeftOut(turn, w, need))
                .sorted(Comparator.comparing(w -> !holds(w, need.runId())))
                .flatMap(w -> fit(w, need, kind).map(k -> Map.entry(k, w)).stream())
                .collect(Collectors.groupingBy(
                        Map.Entry::getKey,
                        () -> new TreeMap<>(Comparator.comparing(KernelClass::toString)),
                        Collectors.mapping(Map.Entry::getValue, Collectors.toList())));
    }

    /**
     * Whether the run failed on a worker lately and another could compute it. That one may be busy: a worker on which runs fail at once
     * would else be the only one that is free, and fail one run after the other.
     */
    private static boolean isAvoided(
            PlacementTurn turn, PlacementState.Worker worker, RunNeed need, @Nullable EvaluationKind kind) {
        return need.avoided().contains(worker.holding())
                && turn.workers.values().stream()
                        .anyMatch(w -> !need.avoided().contains(w.holding())
                                && fit(w, need, kind).isPresent());
    }

    static Optional<KernelClass> fit(PlacementState.Worker worker, RunNeed need, @Nullable EvaluationKind kind) {
        WorkerProfile profile = worker.status().profile();
        return kind == null ? need.fit(profile) : need.fitMetric(profile.kernelClasses());
    }

    static boolean isFree(PlacementTurn turn, PlacementState.Worker worker, RunId runId) {
        return worker.assignment() == null
                && !worker.leaves()
                && worker.status().evaluating() == null
                && (holds(worker, runId) || !isReserved(turn, worker));
    }

    private static boolean holds(PlacementState.Worker worker, RunId runId) {
        HeldState held = worker.status().held();
        return held != null && held.runId().equals(runId);
    }
}

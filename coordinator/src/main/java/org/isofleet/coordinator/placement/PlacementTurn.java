package org.isofleet.coordinator.placement;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.isofleet.protocol.group.KernelClass;
import org.isofleet.protocol.group.WorkerProfile;
import org.isofleet.protocol.run.RunNeed;
import org.isofleet.protocol.run.Staffing;
import org.isofleet.protocol.study.EvaluationKind;
import org.isofleet.protocol.study.RunId;
import org.jspecify.annotations.Nullable;

/** One decision while it is made; lives for one call of {@link PlacementDecider#decide}. Workers and runs are in a fixed order. */
final class PlacementTurn {
    final Instant now;
    final TreeMap<String, PlacementState.Worker> workers;
    final TreeMap<RunId, PlacementState.Need> needs;
    private final long epoch;
    private long number;
    private final Set<RunId> toAnswer = new TreeSet<>();
    private final Set<String> askedBack = new TreeSet<>();
    private final List<PlacementEffect> effects = new ArrayList<>();

    PlacementTurn(PlacementState state, Instant now) {
        this.now = now;
        workers = new TreeMap<>(state.workers());
        needs = new TreeMap<>(state.needs());
        epoch = state.epoch();
        number = state.number();
    }

    /** The run's workers are told to it at the end. */
    void answer(RunId runId) {
        toAnswer.add(runId);
    }

    /** Something about this worker has changed. */
    void touch(PlacementState.@Nullable Worker worker) {
        if (worker != null && worker.assignment() != null) {
            answer(worker.assignment().runId());
        }
    }

    void remove(String workerId) {
        touch(workers.remove(workerId));
    }

    void assign(PlacementState.Worker worker, PlacementState.Assignment to) {
        workers.put(worker.status().workerId(), worker.assigned(to));
        answer(to.runId());
    }

    void free(PlacementState.Worker worker) {
        touch(worker);
        workers.put(worker.status().workerId(), worker.freed(now));
    }

    void release(PlacementState.Worker worker, RunId runId, long generation) {
        effects.add(new PlacementEffect.Release(worker.status().workerId(), runId, generation));
    }

    /** Asks a member's run to go on without it; its run hears of that with the next word about its workers. */
    void askBack(PlacementState.Worker worker) {
        askedBack.add(worker.status().workerId());
    }

    /** Keeps a worker out of the groups of others for a while. */
    void slow(PlacementState.Worker worker, Instant until) {
        workers.put(worker.status().workerId(), worker.slowAgainUntil(until));
    }

    boolean isAskedBack(PlacementState.Worker worker) {
        return askedBack.contains(worker.status().workerId());
    }

    /** Whether all living workers and those who have them have had time to say so. */
    boolean knowsWorkers() {
        return !now.isBefore(Instant.ofEpochMilli(epoch).plus(PlacementState.WORKER_SILENCE));
    }

    /** Members of a run's group. */
    List<PlacementState.Worker> group(RunId runId) {
        return workers.values().stream()
                .filter(w -> w.worksFor(runId))
                .filter(w -> w.assignment() != null && w.assignment().kind() == null)
                .toList();
    }

    /** Members of a run's group that were not asked to end. */
    List<PlacementState.Worker> staying(RunId runId) {
        return group(runId).stream().filter(worker -> !worker.leaves()).toList();
    }

    /** Whether somebody computes a metric of a run. */
    boolean isEvaluated(RunId runId, EvaluationKind kind) {
        return workers.values().stream()
                .filter(w -> w.worksFor(runId))
                .anyMatch(w -> w.assignment() != null && w.assignment().kind() == kind);
    }

    /** Needs in the order of their study. */
    List<RunNeed> inOrder() {
        return needs.values().stream()
                .map(PlacementState.Need::need)
                .sorted(Comparator.comparingInt(RunNeed::position).thenComparing(RunNeed::runId))
                .toList();
    }

    PlacementDecision end() {
        List<PlacementEffect> all = new ArrayList<>(effects);
        for (RunId runId : toAnswer) {
            PlacementState.Need need = needs.get(runId);
            if (need != null) {
                all.add(new PlacementEffect.Staff(runId, staffing(runId, need.need())));
            }
        }
        needs.values().removeIf(n -> n.need().isEmpty());
        return new PlacementDecision(new PlacementState(epoch, number, workers, needs), all);
    }

    private List<KernelClass> present(Predicate<WorkerProfile> which) {
        return workers.values().stream()
                .filter(worker -> which.test(worker.status().profile()))
                .flatMap(w -> w.status().profile().kernelClasses().stream())
                .distinct()
                .sorted(Comparator.comparing(KernelClass::toString))
                .toList();
    }

    private Staffing staffing(RunId runId, RunNeed need) {
        List<Staffing.Seat> group = new ArrayList<>();
        Map<EvaluationKind, Staffing.Seat> evaluators = new HashMap<>();
        for (PlacementState.Worker worker : workers.values()) {
            PlacementState.Assignment to = worker.assignment();
            if (to == null || !to.runId().equals(runId)) {
                continue;
            }
            Staffing.Seat seat = new Staffing.Seat(
                    worker.status().profile().member(),
                    to.kernelClass(),
                    worker.status().held(),
                    worker.status().evaluating(),
                    isAskedBack(worker));
            if (to.kind() == null) {
                group.add(seat);
            } else {
                evaluators.put(to.kind(), seat);
            }
        }
        return new Staffing(
                epoch,
                ++number,
                need.number(),
                group,
                evaluators,
                present(worker -> true),
                present(worker -> need.memory().bytes(worker.threads()) <= worker.memoryBytes()));
    }
}

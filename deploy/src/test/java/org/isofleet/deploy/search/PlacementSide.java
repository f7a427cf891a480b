package org.isofleet.deploy.search;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.isofleet.coordinator.placement.PlacementDecider;
import org.isofleet.coordinator.placement.PlacementDecision;
import org.isofleet.coordinator.placement.PlacementEffect;
import org.isofleet.coordinator.placement.PlacementInput;
import org.isofleet.coordinator.placement.PlacementState;
import org.isofleet.protocol.group.BulkAddress;
import org.isofleet.protocol.group.KernelClass;
import org.isofleet.protocol.group.Member;
import org.isofleet.protocol.group.WorkerProfile;
import org.isofleet.protocol.run.RunNeed;
import org.isofleet.protocol.run.Staffing;
import org.isofleet.protocol.run.WorkerStatus;
import org.isofleet.protocol.study.RunId;
import org.jspecify.annotations.Nullable;

/**
 * The production placement, as it decides that has just started and heard everyone once. Its words have numbers of the search: the last one
 * is newer than what the run heard, and knows its need; one that was held back may be neither.
 */
final class PlacementSide {
    private static final KernelClass KERNELS = new KernelClass("dl4j-1", "a", "fp32");

    private final RunId runId;
    private final Interned<Staffing> staffings = new Interned<>();
    private final Interned<RunNeed> needs = new Interned<>();
    private final Map<World, Integer> said = new HashMap<>();

    PlacementSide(RunId runId) {
        this.runId = runId;
    }

    Staffing staffing(int number) {
        return staffings.value(number);
    }

    /** Number of what is said about a need in a world; {@code present}: the workers that are taken to be alive. */
    int last(World world, @Nullable RunNeed need, Supplier<List<Worker>> present) {
        if (need == null) {
            return staffings.id(numbered(Staffing.UNHEARD, 1, 0));
        }
        World key = world.around(needs.id(need), 0, world.present);
        return said.computeIfAbsent(key, k -> staffings.id(numbered(place(present.get(), need), 1, 0)));
    }

    /** A word that was held back, after another one was heard. */
    int overtaken(int late) {
        Staffing before = staffings.value(late);
        return staffings.id(numbered(before, -1, before.needNumber()));
    }

    /** A word that was held back, after the run's need has changed. */
    int outdated(int late) {
        Staffing before = staffings.value(late);
        return staffings.id(numbered(before, before.number(), -1));
    }

    /** The same word, but that it asks for a worker back. */
    static Staffing askingFor(String workerId, Staffing said) {
        List<Staffing.Seat> group = said.group().stream()
                .map(seat -> new Staffing.Seat(
                        seat.member(),
                        seat.kernelClass(),
                        seat.held(),
                        seat.evaluating(),
                        seat.workerId().equals(workerId)))
                .toList();
        return new Staffing(said.epoch(), said.number(), said.needNumber(), group, said.evaluators(), said.present());
    }

    private static Staffing numbered(Staffing staffing, long number, long needNumber) {
        return new Staffing(1, number, needNumber, staffing.group(), staffing.evaluators(), staffing.present());
    }

    private Staffing place(List<Worker> present, RunNeed need) {
        PlacementState placement = PlacementState.starting(Scenario.NOW);
        for (Worker worker : present) {
            placement = PlacementDecider.decide(placement, new PlacementInput.WorkerSeen(status(worker)), Scenario.NOW)
                    .next();
        }
        PlacementDecision decision = PlacementDecider.decide(placement, new PlacementInput.Needed(need), Scenario.NOW);
        return decision.effects().stream()
                .filter(PlacementEffect.Staff.class::isInstance)
                .map(effect -> ((PlacementEffect.Staff) effect).staffing())
                .reduce((one, other) -> other)
                .orElse(Staffing.UNHEARD);
    }

    private WorkerStatus status(Worker worker) {
        Member member =
                new Member(worker.duty().workerId(), worker.duty().incarnation(), new BulkAddress("127.0.0.1", 4000));
        WorkerProfile profile = new WorkerProfile(member, "localhost", 1, "searched", 1, 1 << 30, List.of(KERNELS));
        return new WorkerStatus(profile, worker.held(runId), null, "gateway", 0);
    }
}

package org.isofleet.coordinator.placement;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.isofleet.protocol.group.HeldState;
import org.isofleet.protocol.run.RunNeed;

/**
 * Who is too slow for its group. All members wait for the slowest in every step, so one that takes twice as long for a shard as it did, or as the
 * others do, costs more than it brings as soon as another worker can have its shards: one that is idle, or one that was idle and has
 * joined beyond what the study grants the run ({@link ElasticRules}). Then it is asked back and left out of groups for a while, each time for
 * twice as long. A group
 * keeps who holds its parameters: a member that is alone is replaced when another has joined it and trains with it.
 */
final class StragglerRules {
    /** From this score on a member straggles; what a loaded machine does to all its workers alike stays below, for peers are compared too. */
    private static final double SLOW = 2;

    /** How long a straggler joins nobody, the first time. */
    private static final Duration REST = Duration.ofMinutes(5);

    /** After so many doublings of that it is not longer: five hours. */
    private static final int DOUBLINGS = 6;

    private StragglerRules() {}

    /** Whether a worker straggled lately and would join others, in a group that has or wants them. */
    static boolean isLeftOut(PlacementTurn turn, PlacementState.Worker worker, RunNeed need) {
        return turn.now.isBefore(worker.slowUntil())
                && turn.group(need.runId()).stream().anyMatch(member -> !isSame(member, worker));
    }

    /** Asks stragglers back whose place another can take, one of a run at a time. */
    static void replace(PlacementTurn turn) {
        if (!turn.knowsWorkers()) {
            return;
        }
        for (RunNeed need : turn.inOrder()) {
            List<PlacementState.Worker> group = turn.group(need.runId()).stream()
                    .filter(member -> need.group().contains(member.holding()) && !turn.isAskedBack(member))
                    .toList();
            group.stream()
                    .filter(member -> straggles(member) && hasHeir(group, member))
                    .filter(member -> group.size() > need.workers() || hasIdle(turn, need, member))
                    .findFirst()
                    .ifPresent(member -> {
                        rest(turn, member);
                        turn.askBack(member);
                    });
        }
    }

    /** One that straggles whenever it is tried again would cost its group two generations each time: it is tried ever less often. */
    private static void rest(PlacementTurn turn, PlacementState.Worker member) {
        if (!turn.now.isBefore(member.slowUntil())) { // else it was asked already, and is about to leave
            turn.slow(member, turn.now.plus(REST.multipliedBy(1L << Math.min(member.slowTimes(), DOUBLINGS))));
        }
    }

    private static boolean straggles(PlacementState.Worker member) {
        return member.status().stragglerScore() >= SLOW;
    }

    /** Whether somebody who is not slow trains with it, and so holds what it holds. */
    private static boolean hasHeir(List<PlacementState.Worker> group, PlacementState.Worker straggler) {
        HeldState held = straggler.status().held();
        return held != null
                && group.stream()
                        .filter(member -> !isSame(member, straggler) && !straggles(member))
                        .flatMap(member -> Optional.ofNullable(member.status().held()).stream())
                        .anyMatch(
                                other -> other.runId().equals(held.runId()) && other.generation() == held.generation());
    }

    private static boolean hasIdle(PlacementTurn turn, RunNeed need, PlacementState.Worker straggler) {
        PlacementState.Assignment to = straggler.assignment();
        return turn.workers.values().stream()
                .anyMatch(worker -> !turn.now.isBefore(worker.slowUntil())
                        && AssignmentRules.isFree(turn, worker, need.runId())
                        && AssignmentRules.suits(turn, worker, need, null)
                        && to != null
                        && AssignmentRules.fit(worker, need, null)
                                .filter(offered -> !need.exact() || offered.equals(to.kernelClass()))
                                .isPresent());
    }

    private static boolean isSame(PlacementState.Worker one, PlacementState.Worker other) {
        return one.status().workerId().equals(other.status().workerId());
    }
}

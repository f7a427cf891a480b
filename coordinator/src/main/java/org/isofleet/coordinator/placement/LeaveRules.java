package org.isofleet.coordinator.placement;

import org.isofleet.protocol.group.HeldState;
import org.isofleet.protocol.run.RunNeed;

/**
 * How a worker that was asked to end is let go. It gets nothing more to do, and its place in a group is open to others ({@link
 * AssignmentRules}). As soon as somebody who stays holds what it holds, its run is asked to go on without it, so that nobody computes anything
 * again. A worker that is alone, and whose place nobody can take, is not asked back: it may yet reach a checkpoint before its time is up.
 */
final class LeaveRules {
    private LeaveRules() {}

    /** Asks those back who leave and have an heir. */
    static void handOver(PlacementTurn turn) {
        for (RunNeed need : turn.inOrder()) {
            turn.group(need.runId()).stream()
                    .filter(member -> member.leaves()
                            && need.group().contains(member.holding())
                            && !turn.isAskedBack(member)
                            && hasHeir(turn, need, member))
                    .forEach(turn::askBack);
        }
    }

    private static boolean hasHeir(PlacementTurn turn, RunNeed need, PlacementState.Worker leaving) {
        HeldState held = leaving.status().held();
        return turn.staying(need.runId()).stream()
                .filter(member -> need.group().contains(member.holding()) && !turn.isAskedBack(member))
                .map(member -> member.status().held())
                .anyMatch(other -> held != null
                        && other != null
                        && other.runId().equals(held.runId())
                        && other.generation() == held.generation());
    }
}

package org.isofleet.coordinator.placement;

import java.time.Instant;
import org.isofleet.protocol.run.RunNeed;
import org.isofleet.protocol.run.WorkerStatus;

/**
 * All that placement decides, as one function of its state, an input and the time.
 *
 * <p>Everyone tells placement everything again and again: gateways which workers live, runs what they want and whom they have. After
 * each input the assignments are brought in line with that. First come claims: a run that says it has a worker keeps it,
 * unless another run has it, so a new placement finds the groups as they were. Then free workers are given out: to metrics of trained
 * runs, to groups that have fewer members than their study grants them, and to runs that wait, each in the order of their study, but those that
 * have begun before those that have not; for the rest see {@link ElasticRules}. A worker
 * that holds a run's parameters goes to that run rather than to another, and is kept a while for it.
 *
 * <p>A run hears of all its workers whenever one of them was heard, and as the answer to each need.
 */
public final class PlacementDecider {
    private PlacementDecider() {}

    /**
     * Decides about one input.
     *
     * @param now the time of the decision
     */
    public static PlacementDecision decide(PlacementState state, PlacementInput input, Instant now) {
        PlacementTurn turn = new PlacementTurn(state, now);
        if (input instanceof PlacementInput.WorkerSeen seen) {
            seen(turn, seen.status());
        } else if (input instanceof PlacementInput.WorkerGone gone) {
            gone(turn, gone);
        } else if (input instanceof PlacementInput.Needed needed) {
            needed(turn, needed.need());
        }
        expire(turn);
        AssignmentRules.claim(turn);
        AssignmentRules.free(turn);
        AssignmentRules.assign(turn);
        if (input instanceof PlacementInput.WorkerSeen seen) {
            AssignmentRules.release(turn, seen.status().workerId());
        }
        return turn.end();
    }

    private static void seen(PlacementTurn turn, WorkerStatus status) {
        PlacementState.Worker known = turn.workers.get(status.workerId());
        if (known != null && known.status().incarnation() > status.incarnation()) {
            return;
        }
        if (known == null || known.status().incarnation() < status.incarnation()) {
            turn.remove(status.workerId());
            turn.workers.put(
                    status.workerId(), new PlacementState.Worker(status, turn.now, turn.now, null, Instant.EPOCH, 0));
        } else {
            turn.workers.put(status.workerId(), known.seen(status, turn.now));
        }
        turn.touch(turn.workers.get(status.workerId()));
    }

    private static void gone(PlacementTurn turn, PlacementInput.WorkerGone gone) {
        PlacementState.Worker known = turn.workers.get(gone.workerId());
        // Another gateway's word counts more than the silence that this one noticed: the worker has dialled anew.
        if (known != null
                && known.status().incarnation() == gone.incarnation()
                && known.status().gateway().equals(gone.gateway())) {
            turn.remove(gone.workerId());
        }
    }

    private static void needed(PlacementTurn turn, RunNeed need) {
        PlacementState.Need known = turn.needs.get(need.runId());
        if (known != null && known.need().number() > need.number()) {
            return;
        }
        turn.needs.put(need.runId(), new PlacementState.Need(need, turn.now));
        turn.answer(need.runId());
    }

    private static void expire(PlacementTurn turn) {
        turn.workers.values().stream()
                .filter(w -> turn.now.isAfter(w.seenAt().plus(PlacementState.WORKER_SILENCE)))
                .map(w -> w.status().workerId())
                .toList()
                .forEach(turn::remove);
        turn.needs.values().removeIf(n -> turn.now.isAfter(n.heardAt().plus(PlacementState.NEED_SILENCE)));
    }
}

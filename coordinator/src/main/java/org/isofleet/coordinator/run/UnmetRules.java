package org.isofleet.coordinator.run;

import java.util.List;
import java.util.stream.Collectors;
import org.isofleet.metrics.live.LiveEvent;
import org.isofleet.protocol.group.KernelClass;
import org.isofleet.protocol.run.EvaluationHistory;
import org.isofleet.protocol.run.RunEvent;
import org.isofleet.protocol.run.RunNeed;
import org.isofleet.protocol.run.RunOutcome;
import org.jspecify.annotations.Nullable;

/**
 * What a run does about a need that no living worker can meet, for example because all of its kernel class are gone, or have too little memory: it says so after
 * the grace, and is given up when it stayed so for the policy's limit. While there is no worker at all it waits for ever. A
 * coordinator that was started again begins to count anew.
 */
final class UnmetRules {
    private UnmetRules() {}

    /** Acts on what is known now. */
    static void advance(RunTurn turn) {
        String reason = turn.staffing.epoch() > 0 ? unmet(turn) : null;
        UnmetNeed before = turn.unmet;
        if (reason == null) {
            turn.unmet = null;
            if (before != null && before.shown() != null && turn.phase instanceof RunPhase.Evaluating) {
                turn.publishState(LiveEvent.RunState.EVALUATING, null);
            }
            return;
        }
        UnmetNeed unmet = before == null ? new UnmetNeed(turn.now, null) : before;
        turn.unmet = unmet;
        if (!turn.staffing.present().isEmpty()
                && !turn.now.isBefore(unmet.since().plus(turn.order().policy().waitLimit()))) {
            giveUp(turn, reason);
        } else if (!turn.now.isBefore(unmet.since().plus(turn.pace.grace())) && !reason.equals(unmet.shown())) {
            turn.unmet = new UnmetNeed(unmet.since(), reason);
            turn.publishState(
                    turn.phase instanceof RunPhase.Evaluating
                            ? LiveEvent.RunState.EVALUATING
                            : LiveEvent.RunState.WAITING,
                    reason);
        }
    }

    private static String tooSmall(RunNeed need) {
        return "no worker has the memory for it, %d MiB with one thread and %d MiB with two: start one with --memory %dMiB or more"
                .formatted(mebibytes(need, 1), mebibytes(need, 2), mebibytes(need, 1));
    }

    private static long mebibytes(RunNeed need, int threads) {
        return (need.memory().bytes(threads) >> 20) + 1;
    }

    private static void giveUp(RunTurn turn, String reason) {
        String text = reason + ", for " + turn.order().policy().waitLimit().toMinutes() + " minutes";
        if (turn.phase instanceof RunPhase.Waiting) {
            turn.settle(RunOutcome.PARKED, text);
            return;
        }
        for (EvaluationHistory evaluation : turn.history().evaluations()) {
            if (isUnassigned(turn, evaluation)) {
                turn.persist(new RunEvent.EvaluationGivenUp(turn.now, evaluation.kind(), text));
            }
        }
    }

    private static boolean isUnassigned(RunTurn turn, EvaluationHistory evaluation) {
        return EvaluationRules.isDue(evaluation, turn.now) && evaluation.assigned() == null;
    }

    /** Why nobody can do what the run wants now; null when somebody can, or when it wants nothing. */
    private static @Nullable String unmet(RunTurn turn) {
        RunNeed need = NeedRules.wanted(turn);
        List<KernelClass> present = turn.staffing.present();
        KernelClass pinned = null;
        if (turn.phase instanceof RunPhase.Waiting) {
            if (need.fit(turn.staffing.roomy()).isPresent()) {
                return null;
            }
            if (need.fit(present).isPresent()) {
                return tooSmall(need);
            }
            pinned = need.exact() ? need.kernelClass() : null;
        } else if (!(turn.phase instanceof RunPhase.Evaluating)
                || turn.history().evaluations().stream().noneMatch(e -> isUnassigned(turn, e))
                || need.fitMetric(present).isPresent()) {
            return null;
        }
        return "no worker of %s; present are %s"
                .formatted(
                        pinned != null
                                ? "kernel class " + pinned
                                : "engine " + need.engine() + " with precision " + need.precision(),
                        present.isEmpty()
                                ? "none"
                                : present.stream().map(KernelClass::toString).collect(Collectors.joining(", ")));
    }
}

package org.isofleet.coordinator.run;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.isofleet.protocol.group.HeldState;
import org.isofleet.protocol.group.Member;
import org.isofleet.protocol.run.GenerationCause;
import org.isofleet.protocol.run.Staffing;
import org.jspecify.annotations.Nullable;

/**
 * What a run does about a group whose heartbeats go on and whose steps do not: one member hangs, and the others wait for it. They do not
 * know which; but who hangs does not answer when a new generation is prepared, and is dropped by that. A member that
 * is alone is known to be the one. All are asked where their threads stand while they still do ({@link org.isofleet.protocol.group.WorkerCommand.CaptureStacks}). How long is too long follows from the steps that this group has made before.
 */
final class ProgressRules {
    private ProgressRules() {}

    /** Placement has said where the members stand. */
    static void see(RunTurn turn) {
        StepProgress known = turn.progress;
        long generation = turn.history().generation();
        long step = turn.staffing.group().stream()
                .map(Staffing.Seat::held)
                .filter(held -> isOf(turn, held))
                .mapToLong(held -> Objects.requireNonNull(held).step())
                .max()
                .orElse(StepProgress.UNSEEN);
        turn.progress = known == null || known.generation() != generation || !allRun(turn)
                ? StepProgress.beginning(generation, step, turn.now)
                : known.seen(step, turn.now);
        GrowthRules.measure(turn);
    }

    private static boolean isOf(RunTurn turn, @Nullable HeldState held) {
        return held != null
                && held.runId().equals(turn.history().runId())
                && held.generation() == turn.history().generation();
    }

    private static boolean allRun(RunTurn turn) {
        return turn.phase instanceof RunPhase.Training training
                && turn.history().group().members().stream()
                        .allMatch(m -> training.running().contains(m.workerId()));
    }

    /** Acts on what is known now. The end of training has a checkpoint to write and no further step to make. */
    static void advance(RunTurn turn) {
        StepProgress progress = turn.progress;
        if (progress == null
                || !allRun(turn)
                || progress.generation() != turn.history().generation()
                || progress.step() >= turn.order().spec().steps()
                || progress.still().compareTo(progress.limit(turn.pace)) < 0) {
            return;
        }
        List<Member> members = turn.history().group().members();
        if (members.size() == 1) {
            turn.hang(members.get(0));
        }
        Duration usual = progress.usual();
        String reason = "no step beyond %d in %d s"
                        .formatted(
                                Math.max(0, progress.step()), progress.still().toSeconds())
                + (usual == null ? "" : ", where one takes %.1f s".formatted(usual.toMillis() / 1e3));
        turn.warn(reason + "; the group of "
                + String.join(", ", members.stream().map(Member::workerId).toList())
                + " is formed anew without whoever hangs");
        turn.captureStacks(members, reason);
        turn.progress = null;
        GroupRules.regroup(turn, GenerationCause.STALLED, reason);
    }
}

package org.isofleet.coordinator.run;

import java.util.List;
import java.util.Optional;
import org.isofleet.protocol.group.CheckpointRef;
import org.isofleet.protocol.group.HeldState;
import org.isofleet.protocol.group.Member;
import org.isofleet.protocol.group.RunReport;
import org.isofleet.protocol.group.StartPoint;
import org.isofleet.protocol.run.DivergedAttempt;

/**
 * Where a new generation starts: at the highest step that a member holds, else at the journaled checkpoint, else from the seed.
 * Members that claim the same step with different bytes cannot both be right, and nothing says who is: then memory does
 * not count, nor does what is in doubt since members came to different bits. Nor does what was there when a step came to no number, until
 * that step was computed once more ({@link DivergenceRules}).
 */
final class StartRules {
    private StartRules() {}

    static StartPoint from(RunTurn turn, RunPhase.Preparing preparing) {
        List<HeldState> held = turn.history().group().members().stream()
                .map(member -> held(preparing, member))
                .flatMap(Optional::stream)
                .filter(h -> h.runId().equals(turn.history().runId()) && !isDoubtful(turn, h))
                .filter(h -> turn.history().group().trustsMemory(h.generation()))
                .toList();
        long step = held.stream().mapToLong(HeldState::step).max().orElse(-1);
        List<HeldState> newest = held.stream().filter(h -> h.step() == step).toList();
        if (newest.stream().mapToLong(HeldState::stateHash).distinct().count() > 1) {
            turn.warn("members hold different parameters at step %d; going back to the checkpoint".formatted(step));
        } else if (!newest.isEmpty() && step >= turn.history().committedStep()) {
            String holder = turn.history().group().members().stream()
                    .filter(m -> held(preparing, m).filter(newest::contains).isPresent())
                    .findFirst()
                    .orElseThrow()
                    .workerId();
            return new StartPoint.FromMember(holder, step, newest.get(0).stateHash());
        }
        Optional<CheckpointRef> committed = turn.history().committed();
        return committed.isPresent() ? new StartPoint.FromCheckpoint(committed.get()) : new StartPoint.Fresh();
    }

    /** Whether it may be of a worker that computed wrongly: of the attempt that diverged, or before. */
    private static boolean isDoubtful(RunTurn turn, HeldState held) {
        DivergedAttempt diverged = turn.history().diverged();
        return diverged != null && held.generation() <= diverged.generation();
    }

    static Optional<HeldState> held(RunPhase.Preparing preparing, Member member) {
        return Optional.ofNullable(preparing.prepared().get(member.workerId())).map(RunReport.GroupPrepared::held);
    }
}

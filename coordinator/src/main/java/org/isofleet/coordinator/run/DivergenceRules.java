package org.isofleet.coordinator.run;

import java.util.List;
import java.util.Objects;
import org.isofleet.protocol.group.CheckpointRef;
import org.isofleet.protocol.group.Divergence;
import org.isofleet.protocol.group.Member;
import org.isofleet.protocol.run.DivergedAttempt;
import org.isofleet.protocol.run.RunEvent;
import org.isofleet.protocol.run.RunOutcome;

/**
 * Whose fault it is that a step's loss is no number. A step is a function of the step before, so it is computed once more: by other
 * workers, if any can compute the run, and from the last good checkpoint, for what the first ones hold in memory may be what is wrong.
 * If it comes to the same bits, the run itself diverges, and no further attempt can mend that: it is parked. If it comes to others, the
 * first workers have computed wrongly and are named.
 *
 * <p>A checkpoint is good when the step after it could be made. One whose next step is no number may hold numbers that are none
 * already, so it does not count any more, and the replay begins at the one before.
 */
final class DivergenceRules {
    private DivergenceRules() {}

    /** A member of the newest generation reports a step that is no number. */
    static void diverged(RunTurn turn, String workerId, String reason, Divergence divergence) {
        DivergedAttempt before = turn.history().diverged();
        List<Member> members = turn.history().group().members();
        if (before != null && before.divergence().equals(divergence)) {
            turn.settle(
                    RunOutcome.PARKED,
                    "%s; computed on %s and once more on %s from the last good checkpoint, with the same bits"
                            .formatted(reason, before.names(), names(members)));
            return;
        }
        if (before != null) {
            blame(turn, before, names(members));
        }
        for (Member member : members) {
            turn.staffing = turn.staffing.withoutMember(member.workerId());
        }
        ReportRules.attemptFailed(turn, workerId, reason, divergence);
        if (turn.history().settled() == null) {
            discardIfDoubtful(turn, divergence);
        }
    }

    /** A checkpoint is about to be committed: if it has the step behind it, the step could be made after all. */
    static void passed(RunTurn turn, long step) {
        DivergedAttempt before = turn.history().diverged();
        if (before != null && step >= before.divergence().step()) {
            blame(turn, before, names(turn.history().group().members()));
        }
    }

    private static void blame(RunTurn turn, DivergedAttempt before, String now) {
        turn.warn("step %d was no number on %s, and computed once more on %s it came to other bits: %s computed wrongly"
                .formatted(
                        before.divergence().step(),
                        before.names(),
                        now.isEmpty() ? "another worker" : now,
                        before.members().size() == 1 ? before.names() : "one of " + before.names()));
        before.members().forEach(member -> turn.avoid(member, turn.now));
    }

    private static void discardIfDoubtful(RunTurn turn, Divergence divergence) {
        CheckpointRef committed = turn.history().committed().orElse(null);
        if (committed != null && committed.step() == divergence.step() - 1) {
            turn.persist(new RunEvent.CheckpointDiscarded(
                    turn.now, Objects.requireNonNull(committed), "the step after it is no number"));
            turn.reachedStep = turn.history().committedStep();
        }
    }

    private static String names(List<Member> members) {
        return String.join(", ", members.stream().map(Member::workerId).toList());
    }
}

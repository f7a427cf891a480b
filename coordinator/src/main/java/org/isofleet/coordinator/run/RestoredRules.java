package org.isofleet.coordinator.run;

import java.util.List;
import java.util.Optional;
import org.isofleet.protocol.group.CheckpointRef;
import org.isofleet.protocol.group.HeldState;
import org.isofleet.protocol.group.RunReport;
import org.isofleet.protocol.run.RunEvent;
import org.isofleet.protocol.run.Staffing;
import org.jspecify.annotations.Nullable;

/**
 * What tells that the journal was restored from an older copy, or lost: a worker or a checkpoint of a generation that it has never begun,
 * for no message carries a generation before it is persisted. The next generation is then above all of them, {@code max(journal,
 * manifests, workers) + 1}: members refuse an older one, and a number used twice would mix two groups. Checkpoints that the older journal
 * does not know of count, since the bytes of a step depend on no generation, if they counted when the journal was lost; those that it
 * knows of may be deleted by now.
 */
final class RestoredRules {
    private RestoredRules() {}

    /** The store was read when the run woke, before it did anything. */
    static void stored(RunTurn turn, RunInput.Stored stored) {
        Optional<CheckpointRef> committed = turn.history().committed();
        boolean isOlder = stored.generation() > turn.history().generation();
        boolean isGone = committed.isPresent() && !stored.checkpoints().contains(committed.get());
        found(turn, stored.generation());
        if ((isOlder || isGone) && turn.history().completed() == null) {
            adopt(turn, stored.checkpoints());
        }
    }

    /** Ascending; those beyond what is committed. */
    private static void adopt(RunTurn turn, List<CheckpointRef> checkpoints) {
        for (int i = checkpoints.size() - 1; i >= 0; i--) {
            CheckpointRef checkpoint = checkpoints.get(i);
            if (checkpoint.step() > turn.history().committedStep()
                    // It may have been noted before a doubt was known, and of which generation it is nobody says here.
                    && turn.history().group().trustsStep(checkpoint.step())) {
                turn.persist(new RunEvent.CheckpointCommitted(
                        turn.now,
                        turn.history().generation(),
                        checkpoint,
                        turn.history().trainSeconds()));
                turn.reachedStep = Math.max(turn.reachedStep, checkpoint.step());
            }
        }
    }

    /** Placement says what the run's workers hold. */
    static void staffed(RunTurn turn) {
        for (Staffing.Seat seat : turn.staffing.group()) {
            held(turn, seat.held());
        }
    }

    /** A worker reports. */
    static void reported(RunTurn turn, RunReport report) {
        if (report instanceof RunReport.GroupPrepared prepared) {
            found(turn, prepared.generation());
            held(turn, prepared.held());
        } else if (report instanceof RunReport.GroupRunning running) {
            found(turn, running.generation());
        } else if (report instanceof RunReport.FollowingFailed failed) {
            found(turn, failed.generation());
        } else if (report instanceof RunReport.CheckpointWritten written) {
            found(turn, written.generation());
        } else if (report instanceof RunReport.CheckpointFailed failed) {
            found(turn, failed.generation());
        } else if (report instanceof RunReport.TrainingFinished finished) {
            found(turn, finished.generation());
        } else if (report instanceof RunReport.PeerLost lost) {
            found(turn, lost.generation());
        } else if (report instanceof RunReport.StatesDiffer differ) {
            found(turn, differ.generation());
        } else if (report instanceof RunReport.TrainingFailed failed) {
            found(turn, failed.generation());
        } else if (report instanceof RunReport.CheckpointUnreadable unreadable) {
            found(turn, unreadable.generation());
        }
    }

    /** Whether a worker is of a generation that was found and not replaced yet: what it holds is what the next one goes on from. */
    static boolean isWelcome(RunTurn turn, long generation) {
        return turn.phase instanceof RunPhase.Waiting
                && !turn.history().group().open()
                && generation == turn.history().generation();
    }

    private static void held(RunTurn turn, @Nullable HeldState held) {
        if (held != null && held.runId().equals(turn.history().runId())) {
            found(turn, held.generation());
        }
    }

    private static void found(RunTurn turn, long generation) {
        if (generation <= turn.history().generation() || turn.history().settled() != null) {
            return;
        }
        turn.persist(new RunEvent.GenerationFound(turn.now, generation));
        if (turn.history().completed() == null) {
            turn.phase = new RunPhase.Waiting(null);
        }
    }
}

package org.isofleet.coordinator.run;

import org.isofleet.protocol.run.OperatedRun;
import org.isofleet.protocol.run.OperatorWish;
import org.isofleet.protocol.run.RunEvent;
import org.isofleet.protocol.run.RunOutcome;

/**
 * What an operator can have a run do. A paused run gives all its workers back and takes none; it goes on from the newest committed checkpoint, so
 * the steps after it are computed once more, with the same bits. A parked run that is tried again begins there too. A wish is heeded once, whatever
 * number of times it comes; one that does not fit the run any more changes nothing.
 */
final class OperatorRules {
    private OperatorRules() {}

    static void heed(RunTurn turn, OperatorWish wish) {
        if (isNews(turn, wish)) {
            switch (wish.action()) {
                case PAUSE -> pause(turn, wish);
                case RESUME -> resume(turn, wish);
                case RETRY -> retry(turn, wish);
                case CANCEL -> cancel(turn, wish);
            }
        }
        boolean goesOn = turn.history().settled() == null;
        if (wish.action() == OperatorWish.Action.RETRY && goesOn) {
            turn.reopen();
        }
    }

    private static boolean isNews(RunTurn turn, OperatorWish wish) {
        OperatedRun known = turn.history().operated();
        return known == null || wish.number() > known.heeded().number();
    }

    /** A run that has trained is measured to its end. */
    private static void pause(RunTurn turn, OperatorWish wish) {
        if (turn.history().settled() == null && turn.history().completed() == null) {
            turn.releaseMembers();
            persist(turn, wish);
            turn.reachedStep = turn.history().committedStep();
            turn.phase = new RunPhase.Paused();
        }
    }

    private static void resume(RunTurn turn, OperatorWish wish) {
        if (turn.history().isPaused()) {
            persist(turn, wish);
            turn.phase = new RunPhase.Waiting(null);
        }
    }

    private static void retry(RunTurn turn, OperatorWish wish) {
        RunEvent.RunSettled settled = turn.history().settled();
        if (settled != null && settled.outcome() == RunOutcome.PARKED) {
            persist(turn, wish);
            turn.reachedStep = turn.history().committedStep();
            turn.unmet = null;
            turn.phase = RunDecider.phaseOf(turn, turn.history());
        }
    }

    private static void cancel(RunTurn turn, OperatorWish wish) {
        if (turn.history().settled() == null) {
            persist(turn, wish);
            turn.settle(RunOutcome.PARKED, wish.words());
        }
    }

    private static void persist(RunTurn turn, OperatorWish wish) {
        turn.persist(new RunEvent.Operated(turn.now, wish, turn.trainSeconds()));
    }

    /** Whatever else came up meanwhile, a paused run that trains with nobody stays paused. */
    static void advance(RunTurn turn) {
        if (turn.history().isPaused() && turn.phase instanceof RunPhase.Waiting) {
            turn.phase = new RunPhase.Paused();
        }
    }
}

package org.isofleet.coordinator.run;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.isofleet.metrics.live.LiveEvent;
import org.isofleet.protocol.group.HeldState;
import org.isofleet.protocol.run.RunEvent;
import org.isofleet.protocol.run.RunHistory;
import org.isofleet.protocol.run.RunOutcome;
import org.isofleet.protocol.run.Staffing;

/**
 * All that a run decides, as one function of its state, an input and the time.
 *
 * <p>An input first changes what is known; then the rules of the phase look at all that is known and act: {@link GroupRules} forms
 * and replaces the group, {@link ProgressRules} notices when it hangs, {@link EvaluationRules} has a trained run measured, and
 * {@link UnmetRules} tells when nobody can do what is wanted. The rules ask only for what is, never for what has just come, so an
 * input that is lost, doubled or late delays them and does not mislead them. Commands are sent again until their answer
 * comes; needs are said again every few seconds; a staffing names all workers of the run each time.
 *
 * <p>A restart forgets everything but the journal. A generation that was open is taken to be training still: its members are
 * told again to start, which changes nothing for those that have, and they have {@link RunPace#grace} to register
 * before any of them is taken for lost. So a coordinator can die and come back without a new generation. A journal that was restored
 * from a copy is told by {@link RestoredRules}.
 */
public final class RunDecider {
    private final String checkpointStore;
    private final RunPace pace;

    /** @param checkpointStore folder below which the folders of runs lie */
    public RunDecider(String checkpointStore, RunPace pace) {
        this.checkpointStore = checkpointStore;
        this.pace = pace;
    }

    /**
     * Decides about one input. Before an order everything but an order changes nothing.
     *
     * @param state of the decision before, or {@link RunState#recovering} of the journal's history
     */
    public RunDecision decide(RunState state, RunInput input, Instant now) {
        RunTurn turn = new RunTurn(state, now, pace, checkpointStore);
        if (input instanceof RunInput.Recovered) {
            recover(turn);
        } else if (input instanceof RunInput.Ordered ordered) {
            order(turn, ordered);
        } else if (input instanceof RunInput.Stopped stopped) {
            stop(turn, stopped);
        } else if (input instanceof RunInput.Staffed staffed && turn.isOrdered()) {
            staff(turn, staffed.staffing());
        } else if (input instanceof RunInput.Stored stored && turn.isOrdered()) {
            RestoredRules.stored(turn, stored);
        } else if (input instanceof RunInput.Shown && turn.isOrdered()) {
            show(turn);
        } else if (input instanceof RunInput.Operated operated && turn.isOrdered()) {
            OperatorRules.heed(turn, operated.wish());
        } else if (input instanceof RunInput.Reported reported) {
            ReportRules.absorb(turn, reported);
        }
        if (turn.isOrdered()) {
            OperatorRules.advance(turn);
            GroupRules.advance(turn);
            ProgressRules.advance(turn);
            UnmetRules.advance(turn);
            CheckpointRules.advance(turn);
            EvaluationRules.advance(turn);
            FollowRules.release(turn, state.phase());
        }
        return turn.end();
    }

    private static void recover(RunTurn turn) {
        if (!turn.isOrdered()) {
            return;
        }
        RunHistory history = turn.history();
        turn.reachedStep = Math.max(history.group().reachedStep(), history.committedStep());
        turn.graceUntil = turn.now.plus(turn.pace.grace());
        turn.quietUntil = turn.now.plus(turn.pace.settle());
        turn.phase = phaseOf(turn, history);
        DoubtRules.recall(turn);
        show(turn);
        turn.tellStudy();
    }

    private static void show(RunTurn turn) {
        RunLive.past(turn.history(), shown(turn.phase), turn.now).forEach(turn::publish);
    }

    static RunPhase phaseOf(RunTurn turn, RunHistory history) {
        if (history.settled() != null) {
            return new RunPhase.Settled();
        } else if (history.completed() != null) {
            return new RunPhase.Evaluating(Map.of());
        } else if (history.isPaused()) {
            return new RunPhase.Paused();
        } else if (history.group().open() && history.group().trustsMemory(history.generation())) {
            Duration timeout = history.order().policy().prepareTimeout();
            return history.group().start() == null
                    ? new RunPhase.Preparing(Map.of(), turn.graceUntil.plus(timeout), turn.now)
                    : RunPhase.Training.beginning(
                            turn.graceUntil.plus(timeout.multipliedBy(turn.pace.startTimeouts())), turn.now, turn.now);
        }
        return history.retryAt() != null ? new RunPhase.BackingOff() : new RunPhase.Waiting(null);
    }

    private static LiveEvent.RunState shown(RunPhase phase) {
        if (phase instanceof RunPhase.Evaluating) {
            return LiveEvent.RunState.EVALUATING;
        } else if (phase instanceof RunPhase.BackingOff) {
            return LiveEvent.RunState.RETRYING;
        } else if (phase instanceof RunPhase.Training) {
            return LiveEvent.RunState.TRAINING;
        } else if (phase instanceof RunPhase.Preparing) {
            return LiveEvent.RunState.FORMING;
        }
        return phase instanceof RunPhase.Paused ? LiveEvent.RunState.PAUSED : LiveEvent.RunState.WAITING;
    }

    private static void order(RunTurn turn, RunInput.Ordered ordered) {
        if (turn.isOrdered()) {
            if (turn.history().settled() == null && !turn.order().equals(ordered.order())) {
                turn.persist(new RunEvent.RunOrdered(turn.now, ordered.order()));
            }
            turn.tellStudy();
            return;
        }
        turn.persist(new RunEvent.RunOrdered(turn.now, ordered.order()));
        turn.phase = new RunPhase.Waiting(null);
    }

    /** One that has trained is measured all the same: that takes little, and its result is worth having. */
    private static void stop(RunTurn turn, RunInput.Stopped stopped) {
        order(turn, new RunInput.Ordered(stopped.order()));
        if (turn.history().completed() == null && turn.history().settled() == null) {
            turn.settle(RunOutcome.STOPPED, stopped.reason());
        }
    }

    private static void staff(RunTurn turn, Staffing said) {
        if (!turn.isCurrent(said)) {
            return;
        }
        if (said.epoch() != turn.staffing.epoch()) {
            // A new placement hears of the workers one after the other.
            Instant grace = turn.now.plus(turn.pace.grace());
            turn.graceUntil = grace.isAfter(turn.graceUntil) ? grace : turn.graceUntil;
        }
        turn.staffing = said;
        RestoredRules.staffed(turn);
        for (Staffing.Seat seat : said.group()) {
            HeldState held = seat.held();
            if (held != null
                    && held.runId().equals(turn.history().runId())
                    && held.generation() == turn.history().generation()) {
                turn.reachedStep = Math.max(turn.reachedStep, held.step());
            }
        }
        ProgressRules.see(turn);
    }
}

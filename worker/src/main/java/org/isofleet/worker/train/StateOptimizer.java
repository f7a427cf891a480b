package org.isofleet.worker.train;

import org.isofleet.worker.engine.FlatVector;

/**
 * Takes a state one step further: AdamW at the rate that the schedule has for that step. The same for who has summed the gradient with its
 * group and for who was handed the sum, so their states have the same bits.
 */
final class StateOptimizer {
    private final TrainingState state;
    private final LearningRate schedule;
    private final AdamW adamW;

    StateOptimizer(TrainingState state, Lanes lanes) {
        this.state = state;
        this.schedule = new LearningRate(state.spec());
        this.adamW = new AdamW(state.spec().optimizer(), state.engine().layout(), lanes);
    }

    /**
     * Makes the next step.
     *
     * @param gradient summed over the batch
     * @param scale by which it is multiplied
     * @param ledger what the step adds to the sample ledger
     * @return the learning rate of the step
     */
    double step(FlatVector gradient, double scale, long ledger) {
        long step = state.step() + 1;
        double rate = schedule.at(step);
        long hashes = adamW.step(state.parameters(), state.first(), state.second(), gradient, scale, step, rate);
        state.advanced(hashes, ledger);
        return rate;
    }
}

package org.isofleet.worker.exchange;

import org.isofleet.worker.engine.FlatVector;

/**
 * What the optimizer made a state of the one before with. Whoever holds that one makes the same bits of it.
 *
 * @param step number of the step
 * @param stateHash of the state after it
 * @param scale by which the gradient was multiplied
 * @param ledger what the step has added to the sample ledger
 * @param gradient summed over the batch
 */
public record Update(long step, long stateHash, double scale, long ledger, FlatVector gradient) {}

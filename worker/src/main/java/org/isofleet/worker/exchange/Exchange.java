package org.isofleet.worker.exchange;

import org.isofleet.worker.engine.FlatVector;

/** The all-reduce of one generation of a run: takes what this member computed, gives what all computed. */
public interface Exchange extends AutoCloseable {
    /**
     * What a member has to say about a step.
     *
     * @param step number of the step, from 1
     * @param stateHash of the parameters and optimizer state that the gradients were computed from
     * @param ledger what its shards add to the sample ledger
     * @param losses summed loss of each of its spans
     */
    @SuppressWarnings("ArrayRecordComponent") // a buffer of the hot path, compared by nobody
    record Contribution(long step, long stateHash, long ledger, double[] losses) {}

    /**
     * The sums over all shards.
     *
     * @param gradient valid until the next step
     * @param norm of the gradient
     * @param loss in nats, over all images and pixels
     * @param ledger what the step adds to the sample ledger
     */
    record Reduction(FlatVector gradient, double norm, double loss, long ledger) {}

    /**
     * Exchanges one step. The gradients are read from the vectors that the exchange was made with.
     *
     * @throws PeerLostException when a connection to a member broke
     * @throws StateMismatchException when a member computed from other parameters, before anything is summed
     * @throws InterruptedException when the group is to stop
     */
    Reduction reduce(Contribution own) throws PeerLostException, StateMismatchException, InterruptedException;

    /**
     * Compares the states of all members, before something is kept that no further exchange will check.
     *
     * @param step after which the member holds the state
     * @throws StateMismatchException when a member holds another one
     */
    void agree(long step, long stateHash) throws PeerLostException, StateMismatchException, InterruptedException;

    @Override
    void close();
}

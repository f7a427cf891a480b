package org.isofleet.worker.train;

import java.util.List;
import org.isofleet.worker.engine.FlatVector;
import org.isofleet.worker.exchange.Following;
import org.isofleet.worker.exchange.PeerLostException;
import org.isofleet.worker.exchange.Update;

/**
 * What a worker does that follows a group: copies the state of a member and applies what the members' optimizers use, in each step to the
 * same bits. It computes no gradient and contributes nothing. A state counts only by its hash, that of the copy and that after each step; so
 * whatever ends this leaves the state at a step boundary, once {@link #run} has told of the first one.
 */
final class FollowingSession {
    private final TrainingState state;
    private final Following source;
    private final Lanes lanes;
    private final Runnable stepped;

    /** @param stepped told whenever the state is that of the group after a step; the first time once it is copied */
    FollowingSession(TrainingState state, Following source, Lanes lanes, Runnable stepped) {
        this.state = state;
        this.source = source;
        this.lanes = lanes;
        this.stepped = stepped;
    }

    /**
     * Follows until the source has stopped.
     *
     * @throws TrainingFailure when the state is not that of the source: it is worth nothing
     * @throws PeerLostException when the source was lost, or has cut this follower off
     * @throws InterruptedException when asked to stop
     */
    void run() throws TrainingFailure, PeerLostException, InterruptedException {
        Following.Start start = source.start(List.of(state.parameters(), state.first(), state.second()));
        state.replaced(start.step(), start.about().ledger(), start.about().chain(), lanes);
        check(start.step(), start.stateHash());
        stepped.run();
        StateOptimizer optimizer = new StateOptimizer(state, lanes);
        FlatVector gradient = FlatVector.zeros(state.parameters().length());
        try {
            for (Update used = source.next(gradient); used != null; used = source.next(gradient)) {
                optimizer.step(used.gradient(), used.scale(), used.ledger());
                check(used.step(), used.stateHash());
                stepped.run();
            }
        } finally {
            gradient.free();
        }
    }

    private void check(long step, long stateHash) throws TrainingFailure {
        if (state.step() != step || state.hash() != stateHash) {
            throw new TrainingFailure(
                    "the state that follows is of step %d with hash %016x, not of step %d with hash %016x"
                            .formatted(state.step(), state.hash(), step, stateHash));
        }
    }
}

package org.isofleet.worker.train;

import java.util.List;
import org.isofleet.protocol.group.StartPoint;
import org.isofleet.worker.checkpoint.CheckpointAccess;
import org.isofleet.worker.exchange.PeerGroup;
import org.isofleet.worker.exchange.PeerLostException;
import org.isofleet.worker.exchange.StateMismatchException;
import org.isofleet.worker.exchange.StateTransfer;
import org.jspecify.annotations.Nullable;

/** Brings a member to the point where a generation starts. */
final class StartingState {
    private final TrainingState state;
    private final Assignment assignment;
    private final CheckpointAccess checkpoints;
    private final Lanes lanes;

    StartingState(TrainingState state, Assignment assignment, CheckpointAccess checkpoints, Lanes lanes) {
        this.state = state;
        this.assignment = assignment;
        this.checkpoints = checkpoints;
        this.lanes = lanes;
    }

    /** Whether the start point is what the member holds already. */
    boolean isHeld(StartPoint from) {
        return from instanceof StartPoint.FromMember start
                && state.step() == start.step()
                && state.hash() == start.stateHash();
    }

    /**
     * Takes the state from where the start point says; whatever goes wrong leaves it undefined, unless it {@link #isHeld}.
     *
     * @param group connections to the other members; null when there are none
     * @return whether a checkpoint was read
     */
    boolean take(StartPoint from, @Nullable PeerGroup group)
            throws TrainingFailure, CheckpointReader.Unreadable, PeerLostException, StateMismatchException,
                    InterruptedException {
        if (from instanceof StartPoint.FromCheckpoint start) {
            CheckpointReader.load(state, start.checkpoint(), checkpoints, lanes);
            return true;
        } else if (from instanceof StartPoint.FromMember start) {
            takeFromMember(start, group);
        } else {
            state.initialise(lanes);
        }
        return false;
    }

    private void takeFromMember(StartPoint.FromMember start, @Nullable PeerGroup group)
            throws TrainingFailure, PeerLostException, StateMismatchException, InterruptedException {
        int source = assignment.plan().indexOf(start.workerId());
        boolean isSource = source == assignment.member();
        if (source < 0 || (!isHeld(start) && (isSource || group == null))) {
            throw new TrainingFailure("step %d with hash %016x was to be taken from %s, which does not hold it"
                    .formatted(start.step(), start.stateHash(), start.workerId()));
        }
        if (group == null) {
            return;
        }
        StateTransfer transfer =
                new StateTransfer(group, start, List.of(state.parameters(), state.first(), state.second()));
        if (isSource) {
            transfer.serve(
                    new StateTransfer.About(state.ledger(), state.checkpoints().chain()));
        } else if (isHeld(start)) {
            transfer.decline();
        } else {
            StateTransfer.About about = transfer.fetch();
            state.replaced(start.step(), about.ledger(), about.chain(), lanes);
            if (!isHeld(start)) {
                // Where the bit has changed, here, there or on the way, cannot be told: nobody's memory counts.
                throw new StateMismatchException(
                        start.step(),
                        null,
                        "the state of step %d copied from %s has hash %016x, not %016x"
                                .formatted(start.step(), start.workerId(), state.hash(), start.stateHash()));
            }
        }
    }
}

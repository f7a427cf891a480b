package org.isofleet.worker.train;

import java.io.IOException;
import org.isofleet.protocol.group.CheckpointRef;
import org.isofleet.worker.checkpoint.Checkpoint;
import org.isofleet.worker.checkpoint.CheckpointAccess;
import org.isofleet.worker.checkpoint.StoreUnreachableException;

/**
 * Loads a state from a checkpoint, from the one that was asked for and no other: what else lies in the store may have been written from a
 * state that the members did not agree on. Which one counts instead of one that is damaged, the journal says.
 */
final class CheckpointReader {
    private CheckpointReader() {}

    /** The checkpoint cannot be read; the message says why. */
    static final class Unreadable extends Exception {
        private static final long serialVersionUID = 1L;

        Unreadable(String message) {
            super(message);
        }
    }

    /**
     * Loads the checkpoint.
     *
     * @throws TrainingFailure when the store gives no answer, which says nothing against what lies in it
     */
    static void load(TrainingState state, CheckpointRef asked, CheckpointAccess store, Lanes lanes)
            throws Unreadable, TrainingFailure {
        try {
            store.read(asked, checkpoint -> load(state, checkpoint, lanes));
        } catch (StoreUnreachableException e) {
            throw new TrainingFailure(String.valueOf(e.getMessage()));
        } catch (IOException e) {
            throw new Unreadable(String.valueOf(e.getMessage()));
        }
    }

    private static void load(TrainingState state, Checkpoint checkpoint, Lanes lanes) throws IOException {
        if (!checkpoint.manifest().spec().id().equals(state.spec().id())) {
            throw new IOException(checkpoint.folder() + " belongs to another run");
        }
        checkpoint.loadParameters(state.parameters());
        checkpoint.loadMoments(state.first(), state.second());
        state.replaced(checkpoint.manifest().step(), checkpoint.ledger(), checkpoint.chain(), lanes);
    }
}

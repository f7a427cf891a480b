package org.isofleet.worker.train;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.isofleet.protocol.group.CheckpointRef;
import org.isofleet.worker.checkpoint.Checkpoint;
import org.isofleet.worker.checkpoint.CheckpointAccess;
import org.isofleet.worker.checkpoint.StoreUnreachableException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Loads a state from a checkpoint. Where the one asked for is damaged, the newest whole one before it is as good: the steps between
 * are repeated with the same bits.
 */
final class CheckpointReader {
    private static final Logger LOG = LoggerFactory.getLogger(CheckpointReader.class);

    private CheckpointReader() {}

    /** None of the checkpoints at or below the one that was asked for could be read; the message says why that one could not. */
    static final class NoneReadable extends Exception {
        private static final long serialVersionUID = 1L;

        NoneReadable(String message) {
            super(message);
        }
    }

    /**
     * Loads the checkpoint, or the newest whole one before it.
     *
     * @throws TrainingFailure when the store gives no answer, which says nothing against what lies in it
     */
    static void load(TrainingState state, CheckpointRef asked, CheckpointAccess store, Lanes lanes)
            throws NoneReadable, TrainingFailure {
        String reason = null;
        for (CheckpointRef candidate : candidates(asked, store)) {
            try {
                store.read(candidate, checkpoint -> load(state, checkpoint, lanes));
                if (reason != null) {
                    LOG.warn("going on from step {} instead of {}: {}", candidate.step(), asked.step(), reason);
                }
                return;
            } catch (StoreUnreachableException e) {
                throw new TrainingFailure(String.valueOf(e.getMessage()));
            } catch (IOException e) {
                reason = reason == null ? String.valueOf(e.getMessage()) : reason;
            }
        }
        throw new NoneReadable(String.valueOf(reason));
    }

    private static List<CheckpointRef> candidates(CheckpointRef asked, CheckpointAccess store) {
        List<CheckpointRef> candidates = new ArrayList<>();
        candidates.add(asked);
        try {
            for (CheckpointRef other : store.list(asked.runId(), asked.step())) {
                if (!other.folder().equals(asked.folder())) {
                    candidates.add(other);
                }
            }
        } catch (IOException e) {
            LOG.warn("other checkpoints of {} cannot be listed: {}", asked.runId(), e.toString());
        }
        return candidates;
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

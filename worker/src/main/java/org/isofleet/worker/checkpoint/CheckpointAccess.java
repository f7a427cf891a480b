package org.isofleet.worker.checkpoint;

import java.io.IOException;
import java.util.List;
import org.isofleet.protocol.group.CheckpointRef;
import org.isofleet.protocol.study.RunId;

/** A way to the checkpoints of a study: to the folder itself, or through the coordinator. All calls wait for disk or network. */
public interface CheckpointAccess {
    /** Takes what it needs of a checkpoint that is there for the time of the call. */
    @FunctionalInterface
    interface Reader {
        void read(Checkpoint checkpoint) throws IOException;
    }

    /**
     * Writes a checkpoint, whole or not at all. When this returns, it is synced and lies in the study folder.
     *
     * @throws IOException when it cannot be written, for example for want of space; nothing is left behind then
     */
    CheckpointRef write(Snapshot snapshot, StateDigests digests, DigestChain chain) throws IOException;

    /**
     * Reads a checkpoint by reference.
     *
     * @throws IOException when it is missing, damaged or another one; the message is one line
     */
    void read(CheckpointRef reference, Reader reader) throws IOException;

    /**
     * Deletes checkpoints before the newest of those to be kept, and what dead writers have left.
     *
     * @param generation that the caller serves; what a later one wrote is not touched
     */
    void collect(RunId runId, long generation, List<CheckpointRef> keep) throws IOException;
}

package org.isofleet.worker.checkpoint;

import java.io.IOException;
import java.nio.file.Path;

/** A checkpoint that is missing, damaged or another one. The message is one line with the file and the mend. */
public final class UnreadableCheckpointException extends IOException {
    private static final long serialVersionUID = 1L;

    UnreadableCheckpointException(Path file, String what) {
        super(file + " " + what + "; name another checkpoint, or delete its folder and let the run write it again");
    }
}

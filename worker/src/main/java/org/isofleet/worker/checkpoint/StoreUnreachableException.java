package org.isofleet.worker.checkpoint;

import java.io.IOException;

/** The store gave no answer: what lies in it is as good as before, and may be asked for again. */
public final class StoreUnreachableException extends IOException {
    private static final long serialVersionUID = 1L;

    StoreUnreachableException(String message, IOException cause) {
        super(message, cause);
    }
}

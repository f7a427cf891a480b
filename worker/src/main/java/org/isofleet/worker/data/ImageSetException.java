package org.isofleet.worker.data;

import java.io.IOException;

/** Images that are missing, damaged or others than asked for; the message is one line with the place and the mend. */
public final class ImageSetException extends IOException {
    private static final long serialVersionUID = 1L;

    public ImageSetException(String message) {
        super(message);
    }

    public ImageSetException(String message, IOException cause) {
        super(message, cause);
    }
}

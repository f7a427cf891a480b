package org.isofleet.worker.pack;

/** An image that cannot be read. It is listed and left out, up to the share that was asked for; the message follows its name. */
final class DamagedImageException extends Exception {
    private static final long serialVersionUID = 1L;

    DamagedImageException(String message) {
        super(message);
    }

    DamagedImageException(String message, Throwable cause) {
        super(message, cause);
    }
}

package org.isofleet.protocol.study;

/** A value that makes no sense; the message is one line that says what is wrong and what would be right. */
public final class InvalidSpecException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    public InvalidSpecException(String message) {
        super(message);
    }

    /** The same, with what is behind it. */
    public InvalidSpecException(String message, Throwable cause) {
        super(message, cause);
    }
}

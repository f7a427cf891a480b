package org.isofleet.deploy.cli;

/** A fault of the input: shown as one line that names the place and the mend; the exit code is 2. */
public final class UserException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public UserException(String message) {
        super(message);
    }

    public UserException(String message, Throwable cause) {
        super(message, cause);
    }
}

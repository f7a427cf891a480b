package org.isofleet.worker.exchange;

/** Two members hold different bits after the same step, which must never be summed. The message names both. */
public final class StateMismatchException extends Exception {
    private static final long serialVersionUID = 1L;

    public StateMismatchException(String message) {
        super(message);
    }
}

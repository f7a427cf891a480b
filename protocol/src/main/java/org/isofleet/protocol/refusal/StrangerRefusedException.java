package org.isofleet.protocol.refusal;

import java.io.IOException;

/** How a stream of the actor systems is ended for a stranger; its text finds its way to {@link ArteryRefusals}. Without a stack trace. */
public final class StrangerRefusedException extends IOException {
    private static final long serialVersionUID = 1L;
    static final String MARK = "stranger refused: ";

    /** @param cause by which TLS refused it */
    public StrangerRefusedException(Throwable cause) {
        super(RefusalReason.of(cause));
    }

    @Override
    public synchronized Throwable fillInStackTrace() {
        return this;
    }

    @Override
    @SuppressWarnings("OverrideThrowableToString") // a log tells it by toString, where the mark has to stand first
    public String toString() {
        return MARK + getMessage();
    }
}

package org.isofleet.worker.exchange;

import org.jspecify.annotations.Nullable;

/** Members hold or computed different bits, which must never be used. The message names them. */
public final class StateMismatchException extends Exception {
    private static final long serialVersionUID = 1L;

    private final long step;
    private final @Nullable String culprit;

    /**
     * A mismatch.
     *
     * @param step first step after which the state is in doubt
     * @param culprit who computed wrongly, if that can be told
     */
    public StateMismatchException(long step, @Nullable String culprit, String message) {
        super(message);
        this.step = step;
        this.culprit = culprit;
    }

    public long step() {
        return step;
    }

    public @Nullable String culprit() {
        return culprit;
    }
}

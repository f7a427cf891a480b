package org.isofleet.worker.checkpoint;

/**
 * The copy of a state has other bits than the state had: the memory of this worker has changed, and the state may have before it was
 * copied, so nobody's counts that was computed with it.
 */
public final class ChangedCopyException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final long step;

    ChangedCopyException(long step) {
        super("the memory of this worker has changed: its copy of step %d has another hash than the state"
                .formatted(step));
        this.step = step;
    }

    /** After which the state was copied. */
    public long step() {
        return step;
    }
}

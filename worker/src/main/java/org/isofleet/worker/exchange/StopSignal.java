package org.isofleet.worker.exchange;

/** Asks a compute thread to stop at the next step boundary, and wakes it where it waits for peers. */
public final class StopSignal {
    private volatile boolean requested;
    private volatile Runnable wakeup = () -> {};

    /** Asks; may be called by any thread, more than once. */
    public void request() {
        requested = true;
        wakeup.run();
    }

    public boolean requested() {
        return requested;
    }

    /** What ends the wait that the compute thread is about to enter. */
    public void onRequest(Runnable action) {
        wakeup = action;
        if (requested) {
            action.run();
        }
    }

    /** @throws InterruptedException when stopping was asked for */
    public void check() throws InterruptedException {
        if (requested) {
            throw new InterruptedException("asked to stop");
        }
    }
}

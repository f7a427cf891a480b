package org.isofleet.protocol.run;

/**
 * What operators made of a run.
 *
 * @param heeded the newest wish that it heeded
 * @param paused whether it is to have no workers
 * @param resumed whether its next generation is the first after a pause, or after it was parked
 */
public record OperatedRun(OperatorWish heeded, boolean paused, boolean resumed) {
    static OperatedRun after(OperatorWish wish) {
        return switch (wish.action()) {
            case PAUSE -> new OperatedRun(wish, true, false);
            case RESUME, RETRY -> new OperatedRun(wish, false, true);
            case CANCEL -> new OperatedRun(wish, false, false);
        };
    }

    /** When it has a group again, or has ended. */
    OperatedRun running() {
        return new OperatedRun(heeded, false, false);
    }
}

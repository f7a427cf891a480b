package org.isofleet.worker.node;

import java.time.Duration;
import java.util.Optional;
import org.isofleet.protocol.group.RunReport;
import org.jspecify.annotations.Nullable;

/**
 * When a worker that was asked to end may go. Its heartbeats say that it leaves, and what it works at goes to others meanwhile: it goes
 * when it has nothing to do any more; when its run could go on from a checkpoint that it has just brought, for then nobody was there to
 * hand over to; when no coordinator is heard of, who could arrange for it; or when its time is up.
 * It outlasts the actor system.
 */
final class Farewell {
    /** So long a command that was sent before the coordinator knew is waited for. */
    private static final Duration LAST_ORDERS = Duration.ofMillis(400);

    private volatile @Nullable Duration patience;
    private boolean begun;
    private long sinceMillis;
    private boolean brought;

    /**
     * Asks it to leave; may be called by any thread. A shorter time is heeded, for whoever asks again has waited long enough.
     *
     * @param longest after which it goes whatever it works at
     */
    void ask(Duration longest) {
        patience = longest;
    }

    boolean hasBegun() {
        return begun;
    }

    /** A coordinator has a report for good. */
    void acknowledged(RunReport report) {
        brought |= hasBegun() && report instanceof RunReport.CheckpointWritten;
    }

    /**
     * Why it goes now; empty while it stays. Asked again and again as time passes.
     *
     * @param isBusy whether it trains, follows, evaluates, or has something to report
     * @param hasCoordinator whether one is heard of
     */
    Optional<String> due(boolean isBusy, boolean hasCoordinator, long nowMillis) {
        Duration longest = patience;
        if (longest == null) {
            return Optional.empty();
        } else if (!begun) {
            begun = true;
            sinceMillis = nowMillis;
        }
        long waited = nowMillis - sinceMillis;
        if (!isBusy && (!hasCoordinator || waited >= LAST_ORDERS.toMillis())) {
            return Optional.of("it was asked to end, and has handed over");
        } else if (brought) {
            return Optional.of("it was asked to end, and has brought a checkpoint");
        } else if (!hasCoordinator) {
            return Optional.of("it was asked to end, and no coordinator is there to hand over to");
        } else if (waited >= longest.toMillis()) {
            return Optional.of("it was asked to end, and nobody took over within " + longest.toMillis() * 1e-3 + " s");
        }
        return Optional.empty();
    }
}

package org.isofleet.metrics.live;

import org.isofleet.metrics.live.LiveEvent.WorkerSeen;
import org.jspecify.annotations.Nullable;

/**
 * A worker as last heard of.
 *
 * @param seen its last sign of life
 * @param lost why it is gone; null while it is there
 */
public record WorkerView(WorkerSeen seen, @Nullable String lost) {
    public boolean alive() {
        return lost == null;
    }
}

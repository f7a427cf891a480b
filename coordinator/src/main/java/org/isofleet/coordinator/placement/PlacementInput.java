package org.isofleet.coordinator.placement;

import org.isofleet.protocol.run.RunNeed;
import org.isofleet.protocol.run.WorkerStatus;

/** What placement decides about. */
public sealed interface PlacementInput {
    /** A gateway has heard a worker. */
    record WorkerSeen(WorkerStatus status) implements PlacementInput {}

    /** A gateway took a worker's silence or farewell for its end. */
    record WorkerGone(String workerId, long incarnation, String gateway) implements PlacementInput {}

    /** A run says what it wants. */
    record Needed(RunNeed need) implements PlacementInput {}

    /** Time has passed. */
    record Woke() implements PlacementInput {}
}

package org.isofleet.coordinator.placement;

import org.isofleet.protocol.run.RunNeed;
import org.isofleet.protocol.run.WorkerStatus;

/** What placement decides about. */
public sealed interface PlacementInput {
    record WorkerSeen(WorkerStatus status) implements PlacementInput {}

    record WorkerGone(String workerId, long incarnation, String gateway) implements PlacementInput {}

    record Needed(RunNeed need) implements PlacementInput {}

    /** Time has passed. */
    record Woke() implements PlacementInput {}
}

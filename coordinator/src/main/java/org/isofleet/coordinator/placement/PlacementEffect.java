package org.isofleet.coordinator.placement;

import org.isofleet.protocol.run.Staffing;
import org.isofleet.protocol.study.RunId;

/** What placement does after a decision. */
public sealed interface PlacementEffect {
    /** To a run: who works for it. */
    record Staff(RunId runId, Staffing staffing) implements PlacementEffect {}

    /** Tells a worker to leave a run that nobody runs there any more. */
    record Release(String workerId, RunId runId, long generation) implements PlacementEffect {}
}

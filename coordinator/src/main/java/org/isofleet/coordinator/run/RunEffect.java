package org.isofleet.coordinator.run;

import org.isofleet.metrics.live.LiveEvent;
import org.isofleet.protocol.group.WorkerCommand;
import org.isofleet.protocol.run.RunNeed;
import org.isofleet.protocol.run.RunOutcome;
import org.isofleet.protocol.study.RunId;
import org.jspecify.annotations.Nullable;

/** What a run does once the events of its decision are persisted, in order. */
public sealed interface RunEffect {
    /** To a worker process; one that was started anew is another. */
    record Command(String workerId, long incarnation, WorkerCommand command) implements RunEffect {}

    /** To placement. */
    record Need(RunNeed need) implements RunEffect {}

    /** To the study; {@code loss} is the held-out one, if it was measured, {@code steps} those that were trained. */
    record Settle(
            String studyId,
            RunId runId,
            RunOutcome outcome,
            @Nullable String reason,
            @Nullable Double loss,
            long steps) implements RunEffect {}

    /** To the study: a run that may have been settled goes on. */
    record Reopen(String studyId, RunId runId) implements RunEffect {}

    /** To those who watch. */
    record Publish(LiveEvent event) implements RunEffect {}
}

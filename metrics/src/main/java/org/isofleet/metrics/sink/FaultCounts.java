package org.isofleet.metrics.sink;

import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import org.isofleet.metrics.live.LiveEvent;
import org.isofleet.metrics.live.LiveEvent.RunChanged;
import org.isofleet.metrics.live.LiveEvent.RunState;
import org.isofleet.metrics.live.LiveEvent.StudyFinished;
import org.isofleet.metrics.live.LiveEvent.WorkerLost;
import org.isofleet.protocol.run.GenerationCause;
import org.isofleet.protocol.study.RunId;

/**
 * What went wrong in a study, counted from its events. After a restart events come again: a group is known by its generation, which grows,
 * so it counts once. Not safe for several threads.
 */
public final class FaultCounts {
    private final Map<GenerationCause, Long> restarts = new EnumMap<>(GenerationCause.class);
    private final Map<RunId, Long> formed = new HashMap<>();
    private final Map<RunId, Long> failed = new HashMap<>();
    private long workerLosses;
    private long failedAttempts;
    private boolean finished;

    public FaultCounts() {
        for (GenerationCause cause : GenerationCause.values()) {
            if (cause.isRestart()) {
                restarts.put(cause, 0L);
            }
        }
    }

    /** Takes an event of any kind. */
    public void take(LiveEvent event) {
        if (event instanceof RunChanged change) {
            take(change);
        } else if (event instanceof WorkerLost lost && !lost.inOrder() && !finished) { // at the end they are sent home
            workerLosses++;
        } else if (event instanceof StudyFinished) {
            finished = true;
        }
    }

    private void take(RunChanged change) {
        GenerationCause cause = change.cause();
        if (cause != null && isFirst(formed, change)) {
            restarts.computeIfPresent(cause, (known, count) -> count + 1);
        }
        if (change.state() == RunState.RETRYING && isFirst(failed, change)) {
            failedAttempts++;
        }
        finished &= change.state() == RunState.DONE
                || change.state() == RunState.PARKED
                || change.state() == RunState.STOPPED;
    }

    private static boolean isFirst(Map<RunId, Long> generations, RunChanged change) {
        Long before = generations.get(change.runId());
        boolean first = before == null || before < change.generation();
        if (first) {
            generations.put(change.runId(), change.generation());
        }
        return first;
    }

    /** Groups that were formed again, by what went wrong; each cause is there. */
    Map<GenerationCause, Long> restarts() {
        return restarts;
    }

    long workerLosses() {
        return workerLosses;
    }

    long failedAttempts() {
        return failedAttempts;
    }

    /** The counts as they stand. */
    public FaultCounts copy() {
        FaultCounts copy = new FaultCounts();
        copy.restarts.putAll(restarts);
        copy.formed.putAll(formed);
        copy.failed.putAll(failed);
        copy.workerLosses = workerLosses;
        copy.failedAttempts = failedAttempts;
        copy.finished = finished;
        return copy;
    }
}

package org.isofleet.protocol.run;

import java.time.Instant;
import org.isofleet.protocol.study.EvaluationKind;
import org.jspecify.annotations.Nullable;

/**
 * One metric of a run so far.
 *
 * @param kind the metric
 * @param failures attempts that failed
 * @param losses attempts whose worker went away
 * @param retryAt not before; null when it may be tried at once
 * @param assigned who computes it now
 * @param assignedAt since when
 * @param recorded its result
 * @param givenUp why there will be none
 */
public record EvaluationHistory(
        EvaluationKind kind,
        int failures,
        int losses,
        @Nullable Instant retryAt,
        @Nullable Assignee assigned,
        @Nullable Instant assignedAt,
        RunEvent.@Nullable EvaluationRecorded recorded,
        @Nullable String givenUp) {
    /** A worker process. */
    public record Assignee(String workerId, long incarnation) {}

    static EvaluationHistory of(EvaluationKind kind) {
        return new EvaluationHistory(kind, 0, 0, null, null, null, null, null);
    }

    /** Whether nothing remains to be done. */
    public boolean settled() {
        return recorded != null || givenUp != null;
    }

    EvaluationHistory after(RunEvent.EvaluationAssigned event) {
        Assignee to = new Assignee(event.workerId(), event.incarnation());
        return new EvaluationHistory(kind, failures, losses, null, to, event.at(), recorded, givenUp);
    }

    EvaluationHistory after(RunEvent.EvaluationAttemptFailed event) {
        int failed = failures + (event.workerLost() ? 0 : 1);
        int lost = losses + (event.workerLost() ? 1 : 0);
        return new EvaluationHistory(kind, failed, lost, event.retryAt(), null, null, recorded, givenUp);
    }

    EvaluationHistory after(RunEvent.EvaluationRecorded event) {
        return new EvaluationHistory(kind, failures, losses, null, null, null, event, null);
    }

    EvaluationHistory after(RunEvent.EvaluationGivenUp event) {
        return new EvaluationHistory(kind, failures, losses, null, null, null, recorded, event.reason());
    }
}

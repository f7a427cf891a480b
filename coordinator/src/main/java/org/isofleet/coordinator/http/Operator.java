package org.isofleet.coordinator.http;

import java.util.concurrent.CompletionStage;
import org.isofleet.protocol.run.OperatorWish;
import org.isofleet.protocol.study.RunId;
import org.jspecify.annotations.Nullable;

/** Has something done to a study. */
public interface Operator {
    /**
     * Completes when it is in the journal, with the number of runs that it concerns.
     *
     * @param runId null for all that it can concern
     * @param by who wants it
     */
    CompletionStage<Integer> operate(String studyId, OperatorWish.Action action, @Nullable RunId runId, String by);
}

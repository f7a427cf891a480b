package org.isofleet.coordinator.http;

import java.util.List;
import org.isofleet.metrics.live.LogLine;
import org.jspecify.annotations.Nullable;

/**
 * What has changed of a {@link Board}: each run, worker and profile whole, so that a change may be taken twice.
 *
 * @param sequence grows by one from change to change
 * @param anew whether a study has begun, so that the whole board is to be read again
 * @param profiles left out when they are as they were
 * @param log the new lines
 */
record BoardChanges(
        long sequence,
        boolean anew,
        StudyNow study,
        List<RunNow> runs,
        List<WorkerRow> workers,
        @Nullable List<ProfileRow> profiles,
        List<LogLine> log) {}

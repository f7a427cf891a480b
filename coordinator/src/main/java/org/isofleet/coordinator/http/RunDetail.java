package org.isofleet.coordinator.http;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import org.isofleet.metrics.live.LiveEvent.EvaluationRecorded;
import org.isofleet.metrics.live.LiveEvent.Warning;
import org.isofleet.metrics.live.RunView;
import org.isofleet.metrics.live.StudyView;
import org.isofleet.protocol.metric.EvaluationResult;
import org.isofleet.protocol.metric.EvaluationResult.CompletionDistance;
import org.jspecify.annotations.Nullable;

/**
 * Everything about one run.
 *
 * @param curve training loss: pairs of step and mean loss in nats a pixel, thinned
 * @param digest SHA-256 of the final parameters, once trained
 */
record RunDetail(
        String schema,
        @JsonUnwrapped RunRow row,
        List<String> why,
        List<double[]> curve,
        List<RunStory.Change> history,
        List<RunStory.Checkpoint> checkpoints,
        List<Measured> results,
        List<Told> warnings,
        @Nullable String digest) {
    private static final int WARNINGS = 50;

    /** A result without its picture. */
    record Measured(Instant at, String checkpointDigest, EvaluationResult result) {
        private static Measured of(EvaluationRecorded event) {
            EvaluationResult result = event.result();
            return new Measured(
                    event.at(), event.checkpointDigest(), result instanceof CompletionDistance d ? d.with("") : result);
        }
    }

    record Told(Instant at, String text) {}

    static RunDetail of(StudyView view, RunView run, int position, RunStory story, Instant now) {
        List<Warning> warnings = view.warnings().stream()
                .filter(warning -> run.id().equals(warning.runId()))
                .toList();
        return new RunDetail(
                "run/1",
                new RunRow(RunCell.of(run, position), RunNow.of(run)),
                Why.of(view, run, now),
                run.trace().curve().points().stream()
                        .map(point -> new double[] {point.step(), point.loss()})
                        .toList(),
                story.changes(),
                story.checkpoints(),
                run.trace().results().values().stream()
                        .sorted(Comparator.comparing(EvaluationRecorded::at))
                        .map(Measured::of)
                        .toList(),
                warnings.subList(Math.max(0, warnings.size() - WARNINGS), warnings.size()).stream()
                        .map(warning -> new Told(warning.at(), warning.text()))
                        .toList(),
                run.digest().orElse(null));
    }
}

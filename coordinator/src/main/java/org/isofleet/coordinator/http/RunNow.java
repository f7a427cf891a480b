package org.isofleet.coordinator.http;

import java.time.Instant;
import java.util.List;
import java.util.OptionalDouble;
import org.isofleet.metrics.live.LossCurve;
import org.isofleet.metrics.live.RunView;
import org.isofleet.metrics.live.StudyAnswer;
import org.isofleet.protocol.metric.EvaluationResult.CompletionDistance;
import org.jspecify.annotations.Nullable;

/**
 * Where a run stands. Fields without a value are left out.
 *
 * @param since when it came into its state; left out before anything was heard of it
 * @param share of the steps done, 0 to 1
 * @param trainLoss mean over the last steps of the curve, nats a pixel
 * @param seconds in the step loop, as of the furthest checkpoint
 * @param samples whether there is a picture of completions
 */
record RunNow(
        String id,
        String state,
        long generation,
        List<String> workers,
        int restarts,
        @Nullable String reason,
        @Nullable Instant since,
        long step,
        double share,
        double tokensPerSecond,
        @Nullable Double trainLoss,
        @Nullable Double lossNatsPerPixel,
        @Nullable Double top1,
        @Nullable Double frechetDistance,
        double seconds,
        boolean samples) {
    static RunNow of(RunView run) {
        List<LossCurve.Point> points = run.trace().curve().points();
        return new RunNow(
                run.id().value(),
                StudyAnswer.name(run.state()),
                run.trace().generation(),
                run.trace().workers(),
                run.trace().restarts(),
                run.trace().reason().orElse(null),
                run.trace().since().equals(Instant.EPOCH) ? null : run.trace().since(),
                run.trace().step(),
                run.trainedShare(),
                run.trace().tokensPerSecond(),
                points.isEmpty() ? null : (Double) points.get(points.size() - 1).loss(),
                value(run.loss()),
                value(run.top1()),
                value(run.frechetDistance()),
                run.trainSeconds(),
                run.result(CompletionDistance.class)
                        .filter(result -> !result.samplesPng().isEmpty())
                        .isPresent());
    }

    private static @Nullable Double value(OptionalDouble value) {
        return value.isPresent() ? (Double) value.getAsDouble() : null;
    }
}

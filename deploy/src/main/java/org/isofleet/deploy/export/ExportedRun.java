package org.isofleet.deploy.export;

import java.util.Optional;
import java.util.OptionalDouble;
import org.isofleet.metrics.live.RunView;
import org.isofleet.metrics.live.StudyAnswer;
import org.isofleet.protocol.metric.EvaluationResult.CompletionDistance;
import org.isofleet.protocol.metric.EvaluationResult.HeldOutLoss;
import org.isofleet.protocol.metric.EvaluationResult.LinearProbe;
import org.jspecify.annotations.Nullable;

/** A run with the columns of {@code runs.csv}, each of its type; null where there is nothing. */
record ExportedRun(
        String id,
        String state,
        int resolution,
        double budgetFlops,
        long params,
        long tokens,
        long images,
        long steps,
        int batch,
        int layers,
        int width,
        int heads,
        double flopsExact,
        double learningRate,
        boolean fitted,
        @Nullable String label,
        @Nullable Double lossNatsPerPixel,
        @Nullable Double lossBitsPerDimension,
        @Nullable Double lossStandardError,
        @Nullable Double top1,
        @Nullable Double top1Majority,
        @Nullable Double top1Untrained,
        @Nullable Double top1RawPixels,
        @Nullable Double frechetDistance,
        @Nullable Double frechetFloor,
        int restarts,
        long generation,
        double trainSeconds,
        @Nullable String digest,
        @Nullable Double top5,
        @Nullable Double frechetInfinity,
        @Nullable Boolean frechetRankDeficient,
        @Nullable String lossProtocol,
        @Nullable String top1Protocol,
        @Nullable String frechetProtocol) {
    static ExportedRun of(RunView run) {
        var spec = run.spec();
        Optional<HeldOutLoss> loss = run.result(HeldOutLoss.class);
        Optional<LinearProbe> probe = run.result(LinearProbe.class);
        Optional<CompletionDistance> completions = run.result(CompletionDistance.class);
        return new ExportedRun(
                run.id().value(),
                StudyAnswer.name(run.state()),
                run.resolution(),
                run.budgetFlops(),
                spec.shape().params(),
                spec.tokensSeen(),
                spec.imagesSeen(),
                spec.steps(),
                spec.batch(),
                spec.shape().layers(),
                spec.shape().width(),
                spec.shape().heads(),
                spec.exactFlops(),
                spec.optimizer().learningRate(),
                run.planned().fitted(),
                run.planned().label(),
                number(run.loss()),
                loss.map(HeldOutLoss::bitsPerDimension).orElse(null),
                loss.map(HeldOutLoss::standardError).orElse(null),
                number(run.top1()),
                probe.map(LinearProbe::majority).orElse(null),
                probe.map(LinearProbe::untrained).orElse(null),
                probe.map(LinearProbe::rawPixels).orElse(null),
                number(run.frechetDistance()),
                completions.map(CompletionDistance::floor).orElse(null),
                run.trace().restarts(),
                run.trace().generation(),
                run.trainSeconds(),
                run.digest().orElse(null),
                probe.map(LinearProbe::top5).orElse(null),
                completions.map(CompletionDistance::infinity).orElse(null),
                completions.map(CompletionDistance::rankDeficient).orElse(null),
                run.protocol("loss").orElse(null),
                run.protocol("top1").orElse(null),
                run.protocol("fd").orElse(null));
    }

    private static @Nullable Double number(OptionalDouble value) {
        return value.isPresent() ? (Double) value.getAsDouble() : null;
    }
}

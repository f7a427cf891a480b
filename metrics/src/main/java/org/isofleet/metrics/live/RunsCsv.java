package org.isofleet.metrics.live;

import de.siegmar.fastcsv.writer.CsvWriter;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.isofleet.metrics.live.LiveEvent.RunState;
import org.isofleet.protocol.metric.EvaluationResult.CompletionDistance;
import org.isofleet.protocol.metric.EvaluationResult.HeldOutLoss;
import org.isofleet.protocol.metric.EvaluationResult.LinearProbe;

/**
 * {@code runs.csv} of a study folder: one row a run, ready for {@code isofleet fit runs.csv --budget budget_flops --params params
 * --tokens tokens --metric loss_nats_per_pixel --group resolution}. Replaced whole, so no run stands in it twice.
 */
final class RunsCsv {
    static final String FILE = "runs.csv";

    private static final List<String> HEADER = List.of(
            "id",
            "state",
            "resolution",
            "budget_flops",
            "params",
            "tokens",
            "images",
            "steps",
            "batch",
            "layers",
            "width",
            "heads",
            "flops_exact",
            "learning_rate",
            "fitted",
            "label",
            "loss_nats_per_pixel",
            "loss_bits_per_dimension",
            "loss_standard_error",
            "top1",
            "top1_majority",
            "top1_untrained",
            "top1_raw_pixels",
            "frechet_distance",
            "frechet_floor",
            "restarts",
            "generation",
            "train_seconds",
            "digest",
            "top5",
            "frechet_infinity",
            "frechet_rank_deficient",
            "loss_protocol",
            "top1_protocol",
            "frechet_protocol");

    private RunsCsv() {}

    static void write(Path folder, StudyView view) throws IOException {
        AtomicFile.write(folder.resolve(FILE), text(view));
    }

    static String text(StudyView view) throws IOException {
        StringWriter text = new StringWriter();
        try (CsvWriter csv = CsvWriter.builder().build(text)) {
            csv.writeRecord(HEADER);
            view.runs().forEach(run -> csv.writeRecord(row(run)));
        }
        return text.toString();
    }

    private static List<String> row(RunView run) {
        var spec = run.spec();
        var loss = run.result(HeldOutLoss.class);
        var probe = run.result(LinearProbe.class);
        var completions = run.result(CompletionDistance.class);
        String label = run.planned().label();
        return List.of(
                run.id().value(),
                StudyAnswer.name(run.state()),
                Integer.toString(run.resolution()),
                Double.toString(run.budgetFlops()),
                Long.toString(spec.shape().params()),
                Long.toString(spec.tokensSeen()),
                Long.toString(spec.imagesSeen()),
                Long.toString(spec.steps()),
                Integer.toString(spec.batch()),
                Integer.toString(spec.shape().layers()),
                Integer.toString(spec.shape().width()),
                Integer.toString(spec.shape().heads()),
                Double.toString(spec.exactFlops()),
                Double.toString(spec.optimizer().learningRate()),
                Boolean.toString(run.planned().fitted()),
                label == null ? "" : label,
                number(run.loss()),
                loss.map(r -> Double.toString(r.bitsPerDimension())).orElse(""),
                loss.map(r -> Double.toString(r.standardError())).orElse(""),
                number(run.top1()),
                probe.map(r -> Double.toString(r.majority())).orElse(""),
                probe.map(r -> Double.toString(r.untrained())).orElse(""),
                probe.map(r -> Double.toString(r.rawPixels())).orElse(""),
                number(run.frechetDistance()),
                completions.map(r -> Double.toString(r.floor())).orElse(""),
                Integer.toString(run.trace().restarts()),
                Long.toString(run.trace().generation()),
                run.state() == RunState.WAITING ? "" : Notation.fixed(run.trainSeconds(), 3),
                run.digest().orElse(""),
                text(probe.map(LinearProbe::top5)),
                text(completions.map(CompletionDistance::infinity)),
                text(completions.map(CompletionDistance::rankDeficient)),
                run.protocol("loss").orElse(""),
                run.protocol("top1").orElse(""),
                run.protocol("fd").orElse(""));
    }

    private static String text(Optional<?> value) {
        return value.map(Object::toString).orElse("");
    }

    private static String number(OptionalDouble value) {
        return value.isPresent() ? Double.toString(value.getAsDouble()) : "";
    }
}

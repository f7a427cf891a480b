package org.isofleet.metrics.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.DoubleStream;
import org.isofleet.metrics.live.CommonProtocol;
import org.isofleet.metrics.live.Notation;
import org.isofleet.metrics.live.RunView;
import org.isofleet.metrics.live.StudyView;
import org.isofleet.protocol.metric.EvaluationResult;
import org.isofleet.protocol.metric.EvaluationResult.CompletionDistance;
import org.isofleet.protocol.metric.EvaluationResult.LinearProbe;

/** What the metrics of a study at one resolution stand against: values that need no trained model. */
final class References {
    /**
     * A value and its name.
     *
     * @param axis whether an axis is stretched to show it
     */
    private record Line(double value, String name, boolean axis) {}

    private final List<Line> lines = new ArrayList<>();
    private final List<double[]> untrained = new ArrayList<>();

    private References() {}

    static References of(StudyView view, Metric metric, int resolution) {
        List<RunView> runs = CommonProtocol.runs(view, metric.key, resolution);
        References references = new References();
        switch (metric) {
            case LOSS -> references.entropy(ReferenceEntropy.of(view, resolution));
            case TOP1 -> references.probe(runs);
            case FD -> references.real(runs);
        }
        return references;
    }

    private void entropy(OptionalDouble entropy) {
        entropy.ifPresent(
                value -> lines.add(new Line(value, "entropy of joint colours, " + Notation.fixed(value, 2), false)));
    }

    /** An untrained network has the size of the run that it belongs to, so its probe is a line over sizes. */
    private void probe(List<RunView> runs) {
        mean(runs, LinearProbe.class, LinearProbe::rawPixels).ifPresent(value -> add(value, "raw pixels, ", true));
        mean(runs, LinearProbe.class, LinearProbe::majority).ifPresent(value -> add(value, "majority, ", false));
        TreeMap<Double, Double> bySize = new TreeMap<>();
        for (RunView run : runs) {
            run.result(LinearProbe.class).ifPresent(probe -> bySize.put(run.params(), probe.untrained()));
        }
        bySize.forEach((params, value) -> untrained.add(new double[] {params, value}));
    }

    private void add(double share, String name, boolean axis) {
        lines.add(new Line(share, name + String.format(Locale.ROOT, "%.1f %%", 100 * share), axis));
    }

    private void real(List<RunView> runs) {
        mean(runs, CompletionDistance.class, CompletionDistance::floor)
                .ifPresent(value ->
                        lines.add(new Line(value, "real against real, same counts, " + Metric.FD.show(value), true)));
    }

    private static <R extends EvaluationResult> OptionalDouble mean(
            List<RunView> runs, Class<R> kind, Function<R, Double> value) {
        return runs.stream()
                .flatMap(run -> run.result(kind).stream())
                .mapToDouble(value::apply)
                .average();
    }

    /** The values that an axis is to show beside the measured ones. */
    DoubleStream shown() {
        return DoubleStream.concat(
                lines.stream().filter(Line::axis).mapToDouble(Line::value),
                untrained.stream().mapToDouble(p -> p[1]));
    }

    void draw(Chart chart) {
        // Far above the losses, the entropy is told in the summary instead.
        lines.stream()
                .filter(line -> line.axis() || line.value() < chart.y.high())
                .forEach(line -> chart.reference(line.value(), line.name()));
        if (!untrained.isEmpty()) {
            chart.line(untrained, "class=\"reference\"");
            double[] last = untrained.get(untrained.size() - 1);
            chart.label(last[0], last[1], "untrained", "var(--soft)");
        }
    }
}

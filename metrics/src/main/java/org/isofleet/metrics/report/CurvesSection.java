package org.isofleet.metrics.report;

import java.util.List;
import org.isofleet.metrics.live.Notation;
import org.isofleet.metrics.live.RunView;
import org.isofleet.metrics.live.StudyView;

/** The training loss of every run over the FLOPs it had spent, in the colour of its budget. */
final class CurvesSection {
    private static final String DESCRIPTION = "training loss of every run over FLOPs";

    private final List<RunView> runs;
    private final List<Double> budgets;

    CurvesSection(StudyView view, int resolution) {
        budgets = view.runs().stream()
                .filter(run -> run.resolution() == resolution)
                .map(RunView::budgetFlops)
                .distinct()
                .sorted()
                .toList();
        runs = view.runs().stream()
                .filter(run -> run.resolution() == resolution
                        && run.trace().curve().points().size() > 2)
                .toList();
    }

    boolean empty() {
        return runs.isEmpty();
    }

    void write(Html html) {
        double[] spent = runs.stream()
                .flatMapToDouble(run -> run.trace().curve().points().stream().mapToDouble(p -> flops(run, p.step())))
                .sorted()
                .toArray();
        double[] losses = runs.stream()
                .flatMapToDouble(run -> run.trace().curve().points().stream().mapToDouble(p -> p.loss()))
                .filter(loss -> loss > 0)
                .sorted()
                .toArray();
        html.raw("<figure>")
                .raw(chart(760, 400, spent, losses).svg("wide", DESCRIPTION))
                .raw(chart(360, 320, spent, losses).svg("narrow", DESCRIPTION));
        html.raw(
                        "<figcaption>Means over a few steps each; telemetry, so pieces may be missing where a coordinator was away.")
                .raw("</figcaption></figure>\n");
    }

    private Chart chart(int width, int height, double[] spent, double[] losses) {
        Chart chart = Chart.of(
                width,
                height,
                true,
                new double[] {Math.max(spent[0], spent[spent.length - 1] / 1e3), spent[spent.length - 1]},
                false,
                new double[] {losses[0], losses[(int) (0.995 * (losses.length - 1))]});
        chart.axes("Training loss, nats a pixel", "6 N D spent, FLOPs", Notation::flops, Metric.LOSS::tick);
        for (RunView run : runs) {
            int place = budgets.indexOf(run.budgetFlops()) % 8;
            chart.line(
                    run.trace().curve().points().stream()
                            .map(p -> new double[] {flops(run, p.step()), p.loss()})
                            .toList(),
                    "class=\"thin\" stroke=\"var(--b" + place + ")\"");
        }
        return chart;
    }

    private static double flops(RunView run, long step) {
        return run.spec().flops6nd() * step / run.spec().steps();
    }
}

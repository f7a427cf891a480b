package org.isofleet.metrics.report;

import java.util.List;
import java.util.OptionalDouble;
import org.isofleet.metrics.live.Notation;
import org.isofleet.metrics.live.RunView;
import org.isofleet.metrics.live.StudyAnswer;
import org.isofleet.metrics.live.StudyView;
import org.isofleet.protocol.metric.EvaluationResult.HeldOutLoss;
import org.isofleet.protocol.metric.EvaluationResult.LinearProbe;
import org.isofleet.protocol.study.LeftOutCell;

/** Every run of the plan in a table that sorts, and the cells that were left out of it. */
final class RunsSection {
    private static final List<String> HEADS = List.of(
            "state",
            "pixels",
            "budget",
            "N",
            "D",
            "steps",
            "batch",
            "V",
            "layers",
            "width",
            "loss",
            "±",
            "bits/dim",
            "top-1",
            "top-5",
            "FD",
            "restarts",
            "generation",
            "seconds",
            "not fitted because",
            "reason",
            "id",
            "digest");

    private final StudyView view;

    RunsSection(StudyView view) {
        this.view = view;
    }

    void write(Html html) {
        html.raw("<div class=\"scroll\"><table class=\"sorted\" id=\"runs\"><thead><tr>");
        HEADS.forEach(head -> html.raw("<th scope=\"col\">").text(head).raw("</th>"));
        html.raw("</tr></thead><tbody>\n");
        view.runs().forEach(run -> row(html, run));
        html.raw("</tbody></table></div>\n");
        leftOut(html);
    }

    private static void row(Html html, RunView run) {
        var spec = run.spec();
        html.raw(run.planned().fitted() ? "<tr>" : "<tr class=\"unfitted\">");
        String state = StudyAnswer.name(run.state());
        html.format("<td class=\"text %1$s\">%1$s</td>", state);
        cell(html, run.resolution(), Integer.toString(run.resolution()));
        cell(html, run.budgetFlops(), Notation.flops(run.budgetFlops()));
        cell(html, run.params(), Notation.count(run.params()));
        cell(html, run.tokens(), Notation.count(run.tokens()));
        cell(html, (double) spec.steps(), Long.toString(spec.steps()));
        cell(html, spec.batch(), Integer.toString(spec.batch()));
        cell(html, spec.virtualShards(), Integer.toString(spec.virtualShards()));
        cell(html, spec.shape().layers(), Integer.toString(spec.shape().layers()));
        cell(html, spec.shape().width(), Integer.toString(spec.shape().width()));
        var loss = run.result(HeldOutLoss.class);
        cell(html, run.loss(), Metric.LOSS);
        plain(html, loss.map(r -> Notation.fixed(1.96 * r.standardError(), 3)).orElse(""));
        plain(html, loss.map(r -> Notation.fixed(r.bitsPerDimension(), 3)).orElse(""));
        cell(html, run.top1(), Metric.TOP1);
        plain(
                html,
                run.result(LinearProbe.class)
                        .map(LinearProbe::top5)
                        .map(Metric.TOP1::show)
                        .orElse(""));
        cell(html, run.frechetDistance(), Metric.FD);
        plain(html, Integer.toString(run.trace().restarts()));
        plain(html, Long.toString(run.trace().generation()));
        plain(html, run.trainSeconds() > 0 ? Notation.fixed(run.trainSeconds(), 1) : "");
        String label = run.planned().label();
        html.raw("<td class=\"text\">").text(label == null ? "" : label).raw("</td>");
        html.raw("<td class=\"text\">").text(run.trace().reason().orElse("")).raw("</td>");
        html.raw("<td class=\"text\"><code>").text(run.id().value()).raw("</code></td>");
        html.raw("<td class=\"text\"><code>")
                .text(run.digest()
                        .map(digest -> digest.substring(0, Math.min(12, digest.length())))
                        .orElse(""))
                .raw("</code></td></tr>\n");
    }

    private static void cell(Html html, OptionalDouble value, Metric metric) {
        if (value.isPresent()) {
            cell(html, value.getAsDouble(), metric.show(value.getAsDouble()));
        } else {
            html.raw("<td data-key=\"\">–</td>");
        }
    }

    private static void cell(Html html, double key, String shown) {
        html.format("<td data-key=\"%s\">%s</td>", key, Html.escape(shown));
    }

    private static void plain(Html html, String shown) {
        html.raw("<td>").text(shown).raw("</td>");
    }

    private void leftOut(Html html) {
        List<LeftOutCell> cells = view.plan().map(plan -> plan.leftOut()).orElse(List.of());
        if (cells.isEmpty()) {
            return;
        }
        html.raw("<h3>Cells left out</h3><div class=\"scroll\"><table id=\"left-out\"><thead><tr><th>pixels</th>")
                .raw(
                        "<th>budget</th><th>N</th><th>layers</th><th>width</th><th class=\"text\">reason</th></tr></thead><tbody>\n");
        for (LeftOutCell cell : cells) {
            html.format(
                    "<tr><td>%d</td><td>%s</td><td>%s</td><td>%d</td><td>%d</td><td class=\"wrap\">%s</td></tr>%n",
                    cell.resolution(),
                    Notation.flops(cell.budgetFlops()),
                    Notation.count(cell.params()),
                    cell.layers(),
                    cell.width(),
                    Html.escape(cell.reason()));
        }
        html.raw("</tbody></table></div>\n");
    }
}

package org.isofleet.metrics.report;

import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.isofleet.metrics.live.Narrative;
import org.isofleet.metrics.live.RunView;
import org.isofleet.metrics.live.StudyView;
import org.isofleet.protocol.metric.EvaluationResult.CompletionDistance;

/** Completions as pictures: the best run of every budget first, the others folded away. */
final class SamplesSection {
    private static final int ZOOM = 3;

    private final List<RunView> sampled;

    SamplesSection(StudyView view) {
        sampled = view.runs().stream()
                .filter(run -> run.result(CompletionDistance.class)
                        .filter(result -> png(result.samplesPng()))
                        .isPresent())
                .sorted(Comparator.comparingDouble(RunView::budgetFlops).thenComparingDouble(RunView::params))
                .toList();
    }

    boolean empty() {
        return sampled.isEmpty();
    }

    void write(Html html) {
        Map<String, RunView> best = new TreeMap<>();
        Comparator<RunView> nearer =
                Comparator.comparingDouble(run -> run.frechetDistance().orElse(Double.MAX_VALUE));
        sampled.forEach(run -> best.merge(
                run.resolution() + " " + run.budgetFlops(), run, (a, b) -> nearer.compare(a, b) <= 0 ? a : b));
        figures(html, sampled.stream().filter(best::containsValue).toList());
        List<RunView> others =
                sampled.stream().filter(run -> !best.containsValue(run)).toList();
        if (!others.isEmpty()) {
            html.raw("<details><summary>The other runs</summary>\n");
            figures(html, others);
            html.raw("</details>\n");
        }
    }

    private static void figures(Html html, List<RunView> runs) {
        html.raw("<div class=\"samples\">\n");
        for (RunView run : runs) {
            CompletionDistance result = run.result(CompletionDistance.class).orElseThrow();
            html.format(
                    "<figure><img class=\"pixels\" loading=\"lazy\" width=\"%d\" alt=\"completions by %s\""
                            + " src=\"data:image/png;base64,%s\">",
                    ZOOM * width(result.samplesPng()), Html.escape(Narrative.name(run)), result.samplesPng());
            html.raw("<figcaption>").text(Narrative.name(run) + ", FD " + Metric.FD.show(result.distance()));
            html.raw("</figcaption></figure>\n");
        }
        html.raw("</div>\n");
    }

    /** Whether the text is the Base64 of a PNG picture, so that nothing else gets into the page. */
    private static boolean png(String base64) {
        return base64.startsWith("iVBORw0KGgo") && base64.matches("[A-Za-z0-9+/]+=*");
    }

    /** The width stands at byte 16, in the header chunk that begins every PNG. */
    private static int width(String base64) {
        return ByteBuffer.wrap(Base64.getDecoder().decode(base64.substring(0, 32)))
                .getInt(16);
    }
}

package org.isofleet.metrics.report;

import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.isofleet.metrics.forecast.Forecast;
import org.isofleet.metrics.forecast.ForecastEntry.Scored;
import org.isofleet.metrics.forecast.Ledger;
import org.isofleet.metrics.forecast.Score;
import org.isofleet.metrics.live.Notation;
import org.isofleet.metrics.scaling.Interval;

/** The forecasts that were sealed, each with what came of it. */
final class ForecastSection {
    private final Ledger ledger;

    ForecastSection(Ledger ledger) {
        this.ledger = ledger;
    }

    boolean empty() {
        return ledger.forecasts().isEmpty();
    }

    void write(Html html) {
        html.raw("<p class=\"soft\">")
                .text(
                        "A forecast is sealed before its run exists: the seal is the SHA-256 of its line in forecasts.jsonl and of all lines"
                                + " before, and a later one of the same does not replace it.")
                .raw(
                        "</p>\n<div class=\"scroll\"><table><thead><tr><th class=\"text\">forecast</th><th>N</th><th>D</th>")
                .raw("<th>predicted</th><th class=\"text\">score</th></tr></thead><tbody>\n");
        ledger.forecasts().forEach(standing -> row(html, standing));
        html.raw("</tbody></table></div>\n");
    }

    private static void row(Html html, Ledger.Standing standing) {
        Forecast f = standing.forecast();
        html.raw("<tr><td class=\"wrap\">")
                .text(f.metric() + named(f.group()) + " at " + Notation.flops(f.budgetFlops()) + ", sealed "
                        + f.sealedAt()
                        + " by " + f.method() + " (" + f.status() + ") from " + f.points() + " runs to "
                        + Notation.flops(f.largestBudget()) + "; seal "
                        + standing.seal().substring(0, 12) + ", data "
                        + f.dataSha256().substring(0, 12)
                        + (standing.attempts().isEmpty()
                                ? ""
                                : "; " + standing.attempts().size() + " later attempts do not count"))
                .raw("</td><td>")
                .text(counts(f.params()))
                .raw("</td><td>")
                .text(counts(f.tokens()))
                .raw("</td><td>")
                .text(values(f.value()) + ", " + f.form())
                .raw("</td><td class=\"wrap\">")
                .text(
                        standing.scores().isEmpty()
                                ? "not scored yet"
                                : standing.scores().stream()
                                        .map(ForecastSection::words)
                                        .collect(Collectors.joining("; ")))
                .raw("</td></tr>\n");
    }

    private static String words(Scored scored) {
        Score s = scored.score();
        Double gain = s.shareOfGain();
        Double vertex = s.vertexParams();
        return scored.scoredAt() + ": measured " + digits(s.measured()) + " over " + s.seeds() + " runs of "
                + Notation.count(s.params())
                + String.format(Locale.ROOT, ", prediction off by %+.2f %%", 100 * s.relativeError())
                + (gain == null ? "" : String.format(Locale.ROOT, " and %.0f %% of the gain", 100 * gain))
                + (s.insideInterval() ? ", inside" : ", outside") + " its interval; best size "
                + (vertex == null
                        ? "unresolved: " + s.unresolved()
                        : Notation.count(vertex) + (Boolean.TRUE.equals(s.vertexInside()) ? ", inside" : ", outside")
                                + " the interval of N");
    }

    private static String named(Map<String, String> group) {
        return group.entrySet().stream()
                .map(entry -> ", " + entry.getKey() + " " + entry.getValue())
                .collect(Collectors.joining());
    }

    private static String counts(Interval interval) {
        return Notation.count(interval.value()) + " [" + Notation.count(interval.low()) + ", "
                + Notation.count(interval.high()) + "]";
    }

    private static String values(Interval interval) {
        return digits(interval.value()) + " [" + digits(interval.low()) + ", " + digits(interval.high()) + "]";
    }

    private static String digits(double value) {
        return String.format(Locale.ROOT, "%.4g", value);
    }
}

package org.isofleet.deploy.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.isofleet.metrics.forecast.Forecast;
import org.isofleet.metrics.forecast.ForecastEntry.Scored;
import org.isofleet.metrics.forecast.Growth;
import org.isofleet.metrics.forecast.Ledger;
import org.isofleet.metrics.forecast.Projection;
import org.isofleet.metrics.forecast.Score;
import org.isofleet.metrics.scaling.Interval;
import org.jspecify.annotations.Nullable;

/** Forecasts, their scores and projections as plain text. */
final class ForecastText {
    private final List<String> lines = new ArrayList<>();

    private ForecastText() {}

    static String of(ForecastAnswer answer) {
        ForecastText text = new ForecastText();
        if (answer.log() != null
                && answer.forecasts().isEmpty()
                && answer.projections().isEmpty()) {
            text.lines.add("no forecast is sealed in " + answer.log() + "; --budget seals one");
        }
        answer.forecasts().forEach(text::standing);
        text.projections(answer.projections());
        answer.growth().forEach(text::growth);
        answer.checkStudies().forEach(file -> text.lines.add("check runs: isofleet study " + file));
        answer.notes().forEach(note -> text.lines.add("note: " + note));
        return String.join(System.lineSeparator(), text.lines);
    }

    private void standing(Ledger.Standing standing) {
        Forecast f = standing.forecast();
        add("%s%s at %.4g FLOPs, sealed %s", f.metric(), named(f.group()), f.budgetFlops(), f.sealedAt());
        add("  seal    %s", standing.seal());
        add("  data    %s, %d runs to %.4g FLOPs", f.dataSha256(), f.points(), f.largestBudget());
        add("  by      %s, %s%s", f.method(), f.status(), f.reason() == null ? "" : ": " + f.reason());
        add("  N       %s", FitTable.interval(f.params()));
        add("  D       %s", FitTable.interval(f.tokens()));
        add("  metric  %s  (%s)", FitTable.interval(f.value()), f.form());
        Interval beside = f.beside();
        if (beside != null) {
            add("  beside  %s  (%s)", FitTable.interval(beside), f.besideForm());
        }
        if (!standing.attempts().isEmpty()) {
            add(
                    "  %d later attempt(s) at another forecast of it do not count",
                    standing.attempts().size());
        }
        if (standing.scores().isEmpty()) {
            lines.add("  not scored yet; --check SOURCE scores it once its runs are done");
        }
        standing.scores().forEach(this::score);
        lines.add("");
    }

    private void score(Scored scored) {
        Score s = scored.score();
        Double gain = s.shareOfGain();
        add(
                "  scored  %s: measured %.5g over %d run(s) of %.4g parameters; prediction off by %+.2f %%%s, %s its interval (half-width %.2f %%)",
                scored.scoredAt(),
                s.measured(),
                s.seeds(),
                s.params(),
                100 * s.relativeError(),
                gain == null ? "" : String.format(Locale.ROOT, ", %.0f %% of the gain", 100 * gain),
                s.insideInterval() ? "inside" : "outside",
                100 * s.halfWidth());
        Double vertex = s.vertexParams();
        if (vertex == null) {
            add("          best size unresolved: %s", s.unresolved());
        } else {
            add(
                    "          best size %.4g, %s the interval of N",
                    vertex, Boolean.TRUE.equals(s.vertexInside()) ? "inside" : "outside");
        }
    }

    private void projections(List<Projection> projections) {
        if (projections.isEmpty()) {
            return;
        }
        lines.add("projections, not sealed");
        for (Projection p : projections) {
            Interval images = p.images();
            Interval beside = p.beside();
            add(
                    "  %s%s at %.4g: %s (%s)%s; N %s, D %s%s",
                    p.metric(),
                    named(p.group()),
                    p.budgetFlops(),
                    FitTable.interval(p.value()),
                    p.form(),
                    beside == null ? "" : ", beside " + FitTable.interval(beside) + " (" + p.besideForm() + ")",
                    FitTable.interval(p.params()),
                    FitTable.interval(p.tokens()),
                    images == null ? "" : ", images " + FitTable.interval(images));
        }
    }

    private void growth(Growth growth) {
        add(
                "  %.4g FLOPs from %.4g at %s times a year: %.2f years",
                growth.to(), growth.from(), FitTable.plain(growth.factor()), growth.years());
    }

    private static String named(Map<String, String> group) {
        return group.entrySet().stream()
                .map(entry -> " " + entry.getKey() + "=" + entry.getValue())
                .collect(Collectors.joining());
    }

    private void add(String pattern, @Nullable Object... values) {
        lines.add(String.format(Locale.ROOT, pattern, values));
    }
}

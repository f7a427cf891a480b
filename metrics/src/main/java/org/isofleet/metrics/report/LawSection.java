package org.isofleet.metrics.report;

import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import org.isofleet.metrics.live.IsoflopProfiles;
import org.isofleet.metrics.live.Narrative;
import org.isofleet.metrics.live.Notation;
import org.isofleet.metrics.live.StudyView;
import org.isofleet.metrics.scaling.Interval;
import org.isofleet.metrics.scaling.Robustness;
import org.isofleet.metrics.scaling.ScalingFit;
import org.isofleet.metrics.scaling.ScalingFit.Optimum;
import org.isofleet.metrics.scaling.ScalingFit.Parametric;
import org.isofleet.metrics.scaling.ScalingFit.SurfaceIntervals;
import org.jspecify.annotations.Nullable;

/** The scaling lines N_opt(C) and D_opt(C) of one metric, with the optima of every method, and the methods side by side. */
final class LawSection {
    private static final String[] SHAPES = {"◆", "■", "▲"};
    private static final String[] COLORS = {"var(--accent)", "var(--b5)", "var(--b3)"};

    private final List<ScalingFit> fits;

    LawSection(StudyView view, Metric metric, int resolution) {
        fits = IsoflopProfiles.of(view, metric.key, resolution).fits();
    }

    void write(Html html) {
        if (fits.stream().anyMatch(fit -> fit.optima().stream().anyMatch(Optimum::used))) {
            html.raw("<div class=\"pair\">");
            lines(html, "N_opt(C)", "weights", Optimum::params, Optimum::paramsByLaw);
            lines(html, "D_opt(C)", "tokens", Optimum::tokens, Optimum::tokensByLaw);
            html.raw("</div>\n");
        }
        methods(html);
        surfaces(html);
    }

    private void lines(
            Html html,
            String title,
            String unit,
            ToDoubleFunction<Optimum> value,
            Function<Optimum, @Nullable Interval> byLaw) {
        List<Optimum> used = fits.stream()
                .flatMap(fit -> fit.optima().stream())
                .filter(Optimum::used)
                .toList();
        double[] budgets =
                used.stream().mapToDouble(Optimum::budgetFlops).sorted().toArray();
        double[] values = used.stream().mapToDouble(value).sorted().toArray();
        Chart chart =
                Chart.of(430, 330, true, new double[] {budgets[0], budgets[budgets.length - 1]}, true, new double[] {
                    values[0] / 1.15, values[values.length - 1] * 1.15
                });
        chart.axes(title + ", " + unit, "C, FLOPs", Notation::flops, Notation::brief);
        fits.stream().filter(ScalingFit::usable).findFirst().ifPresent(fit -> law(chart, fit, byLaw));
        for (int m = 0; m < fits.size(); m++) {
            ScalingFit fit = fits.get(m);
            int shape = Math.min(m, 2);
            fit.optima().stream()
                    .filter(Optimum::used)
                    .forEach(o -> chart.mark(
                            o.budgetFlops(),
                            value.applyAsDouble(o),
                            shape,
                            "fill=\"" + COLORS[shape] + "\" fill-opacity=\".85\"",
                            fit.method() + " at " + Notation.flops(o.budgetFlops()) + ": "
                                    + Notation.count(value.applyAsDouble(o))));
        }
        html.raw("<figure>").raw(chart.svg(title)).raw("</figure>");
    }

    private static void law(Chart chart, ScalingFit fit, Function<Optimum, @Nullable Interval> byLaw) {
        List<Optimum> optima = fit.optima().stream()
                .filter(optimum -> byLaw.apply(optimum) != null)
                .sorted((a, b) -> Double.compare(a.budgetFlops(), b.budgetFlops()))
                .toList();
        chart.band(optima.stream()
                .map(o -> point(o, byLaw.apply(o)))
                .map(p -> new double[] {p[0], p[2], p[3]})
                .toList());
        chart.line(
                optima.stream()
                        .map(o -> point(o, byLaw.apply(o)))
                        .map(p -> new double[] {p[0], p[1]})
                        .toList(),
                "class=\"law-line\"");
    }

    private static double[] point(Optimum optimum, @Nullable Interval interval) {
        return interval == null
                ? new double[] {optimum.budgetFlops(), Double.NaN, Double.NaN, Double.NaN}
                : new double[] {optimum.budgetFlops(), interval.value(), interval.low(), interval.high()};
    }

    private void methods(Html html) {
        html.raw("<div class=\"scroll\"><table><thead><tr><th class=\"text\">method</th><th class=\"text\">status</th>")
                .raw(
                        "<th>N ∝ C^</th><th>D ∝ C^</th><th>R²</th><th class=\"text\">reason, intervals</th></tr></thead><tbody>\n");
        for (int m = 0; m < fits.size(); m++) {
            ScalingFit fit = fits.get(m);
            html.raw("<tr><td class=\"text\">").text(SHAPES[Math.min(m, 2)] + " " + fit.method());
            html.format(
                    "</td><td class=\"text\"><span class=\"badge %1$s\">%1$s</span></td>", Html.escape(fit.status()));
            html.raw("<td>").text(words(fit.nExponent())).raw("</td><td>").text(words(fit.dExponent()));
            Double r2 = fit.r2();
            html.raw("</td><td>").text(r2 == null ? "–" : Notation.fixed(r2, 4));
            String reason = fit.reason() == null ? "" : fit.reason();
            String made = fit.uncertainty() == null ? "" : fit.uncertainty();
            String join = reason.isEmpty() || made.isEmpty() ? "" : "; ";
            html.raw("</td><td class=\"wrap\">")
                    .text(reason + join + made + withoutOneSize(fit))
                    .raw("</td></tr>\n");
        }
        html.raw("</tbody></table></div>\n");
    }

    private static String withoutOneSize(ScalingFit fit) {
        Robustness.Range range =
                fit.robustness() == null ? null : fit.robustness().leaveOneSizeOut();
        return range == null
                ? ""
                : "; a of N without one size of model " + Notation.fixed(range.low(), 2) + " to "
                        + Notation.fixed(range.high(), 2);
    }

    private void surfaces(Html html) {
        for (ScalingFit fit : fits) {
            Parametric surface = fit.parametric();
            SurfaceIntervals of = surface == null ? null : surface.intervals();
            if (of != null) {
                html.raw("<p class=\"surface\">")
                        .text("By " + fit.method() + ", L(N, D) = E + A N^−α + B D^−β with E " + digits(of.e()) + ", A "
                                + digits(of.a()) + ", B " + digits(of.b()) + ", α " + digits(of.alpha()) + ", β "
                                + digits(of.beta()) + ".")
                        .raw("</p>\n");
            }
        }
    }

    /** Three digits: amplitudes have any size. */
    private static String digits(Interval interval) {
        return interval.level() > 0
                ? String.format(Locale.ROOT, "%.3g [%.3g, %.3g]", interval.value(), interval.low(), interval.high())
                : String.format(Locale.ROOT, "%.3g", interval.value());
    }

    private static String words(@Nullable Interval interval) {
        return interval == null ? "–" : Narrative.words(interval);
    }
}

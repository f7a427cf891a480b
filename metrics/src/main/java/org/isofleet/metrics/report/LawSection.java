package org.isofleet.metrics.report;

import java.util.List;
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
        // A lone optimum shows nothing that the table of methods does not tell.
        if (fits.stream().anyMatch(LawSection::drawn)) {
            html.raw("<div class=\"pair\">");
            lines(html, "N_opt(C)", "weights", Optimum::params, Optimum::paramsByLaw);
            lines(html, "D_opt(C)", "tokens", Optimum::tokens, Optimum::tokensByLaw);
            html.raw("</div>\n");
        }
        methods(html);
        surfaces(html);
    }

    private static boolean drawn(ScalingFit fit) {
        return fit.optima().stream().filter(Optimum::used).count() > 1;
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
        for (int m = fits.size() - 1; m >= 0; m--) { // the fit to show first lies on top
            law(chart, fits.get(m), COLORS[Math.min(m, 2)], byLaw);
        }
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
        html.raw("<figure>").raw(chart.svg("law", title));
        legend(html);
        html.raw("</figure>");
    }

    private void legend(Html html) {
        html.raw("<figcaption class=\"legend\">");
        for (int m = 0; m < fits.size(); m++) {
            ScalingFit fit = fits.get(m);
            int shape = Math.min(m, 2);
            html.format("<span><b style=\"color:%s\">%s</b> ", COLORS[shape], SHAPES[shape])
                    .text(fit.method() + ", " + (fit.usable() ? fit.status() : "refused, no line"))
                    .raw("</span> ");
        }
        html.raw("</figcaption>");
    }

    private static void law(Chart chart, ScalingFit fit, String color, Function<Optimum, @Nullable Interval> byLaw) {
        List<Optimum> optima = fit.optima().stream()
                .filter(optimum -> byLaw.apply(optimum) != null)
                .sorted((a, b) -> Double.compare(a.budgetFlops(), b.budgetFlops()))
                .toList();
        chart.band(
                optima.stream()
                        .map(o -> point(o, byLaw.apply(o)))
                        .map(p -> new double[] {p[0], p[2], p[3]})
                        .toList(),
                color);
        chart.line(
                optima.stream()
                        .map(o -> point(o, byLaw.apply(o)))
                        .map(p -> new double[] {p[0], p[1]})
                        .toList(),
                "class=\"law-line\" stroke=\"" + color + "\"");
    }

    private static double[] point(Optimum optimum, @Nullable Interval interval) {
        return interval == null
                ? new double[] {optimum.budgetFlops(), Double.NaN, Double.NaN, Double.NaN}
                : new double[] {optimum.budgetFlops(), interval.value(), interval.low(), interval.high()};
    }

    private void methods(Html html) {
        html.raw("<div class=\"scroll\"><table><thead><tr><th class=\"text\">method</th><th class=\"text\">status</th>")
                .raw("<th>a of N ∝ C<sup>a</sup></th><th>b of D ∝ C<sup>b</sup></th><th>R²</th></tr></thead><tbody>\n");
        for (int m = 0; m < fits.size(); m++) {
            ScalingFit fit = fits.get(m);
            html.raw("<tr class=\"method\"><td class=\"text\">").text(SHAPES[Math.min(m, 2)] + " " + fit.method());
            html.format(
                    "</td><td class=\"text\"><span class=\"badge %1$s\">%1$s</span></td>", Html.escape(fit.status()));
            html.raw("<td>").text(words(fit.nExponent())).raw("</td><td>").text(words(fit.dExponent()));
            Double r2 = fit.r2();
            html.raw("</td><td>").text(r2 == null ? "–" : Notation.fixed(r2, 4));
            String reason = fit.reason() == null ? "" : fit.reason();
            String made = fit.uncertainty() == null ? "" : fit.uncertainty();
            String join = reason.isEmpty() || made.isEmpty() ? "" : "; ";
            html.raw("</td></tr>\n<tr class=\"reason\"><td class=\"text\" colspan=\"5\"><div>")
                    .text(reason + join + made + withoutOneSize(fit))
                    .raw("</div></td></tr>\n");
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
                        .text("By " + fit.method() + ", L(N, D) = E + A N")
                        .raw("<sup>−α</sup> + B D<sup>−β</sup>")
                        .text(" with E " + digits(of.e()) + ", A " + digits(of.a()) + ", B " + digits(of.b()) + ", α "
                                + digits(of.alpha()) + ", β " + digits(of.beta()) + ".")
                        .raw("</p>\n");
            }
        }
    }

    /** Amplitudes have any size. */
    private static String digits(Interval interval) {
        String value = Notation.digits(interval.value());
        return interval.level() > 0
                ? value + " [" + Notation.digits(interval.low()) + ", " + Notation.digits(interval.high()) + "]"
                : value;
    }

    private static String words(@Nullable Interval interval) {
        return interval == null ? "–" : Narrative.words(interval);
    }
}

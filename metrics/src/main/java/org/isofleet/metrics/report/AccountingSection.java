package org.isofleet.metrics.report;

import java.util.List;
import org.isofleet.metrics.live.IsoflopProfiles;
import org.isofleet.metrics.live.Narrative;
import org.isofleet.metrics.live.Notation;
import org.isofleet.metrics.live.StudyView;
import org.isofleet.metrics.scaling.Accounting;
import org.isofleet.metrics.scaling.Accounting.ExactFlops;
import org.isofleet.metrics.scaling.Interval;
import org.isofleet.metrics.scaling.ScalingFit;
import org.jspecify.annotations.Nullable;

/** The laws of one metric under other counts: of parameters for every method, of FLOPs for the fitted surface. */
final class AccountingSection {
    private final Metric metric;
    private final List<ScalingFit> fits;

    AccountingSection(StudyView view, Metric metric, int resolution) {
        this.metric = metric;
        fits = IsoflopProfiles.of(view, metric.key, resolution).fits().stream()
                .filter(fit -> fit.accounting() != null)
                .toList();
    }

    void write(Html html) {
        if (fits.isEmpty()) {
            return;
        }
        exponents(html);
        for (ScalingFit fit : fits) {
            Accounting accounting = fit.accounting();
            if (accounting != null && accounting.exactFlops() != null) {
                exact(html, fit, accounting.exactFlops());
            }
        }
    }

    private void exponents(Html html) {
        table(html, "accounting", "exponent of C for", "N, matrix weights", "all parameters", "body only");
        for (ScalingFit fit : fits) {
            Accounting accounting = fit.accounting();
            if (accounting != null) {
                Accounting.Exponents n = accounting.nExponents();
                row(
                        html,
                        fit.method(),
                        Narrative.words(n.params()),
                        Narrative.words(n.allParams()),
                        Narrative.words(n.bodyParams()));
            }
        }
        html.raw("</tbody></table></div>\n<p class=\"soft\">")
                .text(
                        "The same optima, their parameters counted three ways: weights in matrix products; these with lookup tables"
                                + " and gains; those of the decoder blocks alone. Between the sizes of the study counts run straight in"
                                + " logarithms; slopes are over the budgets with an interior optimum.")
                .raw("</p>\n");
    }

    private void exact(Html html, ScalingFit fit, ExactFlops exact) {
        table(
                html,
                "exact-flops",
                "budget, FLOPs",
                "N, 6ND optimum",
                "N, exact optimum",
                "D, 6ND optimum",
                "D, exact optimum",
                "predicted " + metric.noun + ", 6ND optimum",
                "predicted " + metric.noun + ", exact optimum");
        for (Accounting.Optimum optimum : exact.optima()) {
            ScalingFit.Optimum plain =
                    IsoflopProfiles.optimum(fit, optimum.budgetFlops()).orElseThrow();
            row(
                    html,
                    Notation.flops(optimum.budgetFlops()),
                    counts(plain.paramsByLaw()),
                    counts(optimum.params()),
                    counts(plain.tokensByLaw()),
                    counts(optimum.tokens()),
                    metric.show(plain.metric()),
                    metric.show(optimum.metric().value()));
        }
        html.raw("</tbody></table></div>\n<p class=\"soft\">")
                .text("With the causal half of attention counted, the surface of " + fit.method()
                        + " is best along a budget at ")
                .raw(Html.power("N", exact.nExponent()) + ", " + Html.power("D", exact.dExponent()))
                .text(". The same budget pays for attention as well and buys fewer tokens, so the " + metric.noun
                        + " predicted there is worse than at the optimum of 6ND, which the chart shows; both are values of the"
                        + " fitted surface, not measured. N runs continuously; attention costs "
                        + Notation.digits(exact.attention().coefficient()) + " N")
                .raw("<sup>" + Notation.fixed(exact.attention().exponent(), 2) + "</sup>")
                .text(" FLOPs a token, a power law through the sizes of the study that misses their FLOPs by at most "
                        + Notation.fixed(100 * exact.attention().largestError(), 1) + " %.")
                .raw("</p>\n");
    }

    private static void table(Html html, String name, String first, String... heads) {
        html.format("<div class=\"scroll\"><table class=\"%s\"><thead><tr><th class=\"text\">%s</th>", name, first);
        for (String head : heads) {
            html.raw("<th>").text(head).raw("</th>");
        }
        html.raw("</tr></thead><tbody>\n");
    }

    private static void row(Html html, String first, String... cells) {
        html.raw("<tr><td class=\"text\">").text(first).raw("</td>");
        for (String cell : cells) {
            html.raw("<td>").text(cell).raw("</td>");
        }
        html.raw("</tr>\n");
    }

    private static String counts(@Nullable Interval interval) {
        if (interval == null) {
            return "–";
        }
        String value = Notation.count(interval.value());
        return interval.level() > 0
                ? value + " [" + Notation.count(interval.low()) + ", " + Notation.count(interval.high()) + "]"
                : value;
    }
}

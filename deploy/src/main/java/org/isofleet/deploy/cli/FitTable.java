package org.isofleet.deploy.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.isofleet.metrics.scaling.Interval;
import org.isofleet.metrics.scaling.Robustness;
import org.isofleet.metrics.scaling.ScalingFit;
import org.jspecify.annotations.Nullable;

/** Fits as plain text: a paragraph a group. */
final class FitTable {
    private FitTable() {}

    static String of(List<ScalingFit> fits) {
        return fits.stream().map(FitTable::paragraph).collect(Collectors.joining(System.lineSeparator()));
    }

    private static String paragraph(ScalingFit fit) {
        List<String> lines = new ArrayList<>();
        String name = fit.group().entrySet().stream()
                .map(entry -> entry.getKey() + "=" + entry.getValue())
                .collect(Collectors.joining(" "));
        lines.add((name.isEmpty() ? "" : name + "  ") + fit.method() + "  " + fit.status()
                + (fit.reason() == null ? "" : ": " + fit.reason()));
        law(lines, "N_opt", fit.nCoefficient(), fit.nExponent());
        law(lines, "D_opt", fit.dCoefficient(), fit.dExponent());
        if (fit.r2() != null) {
            lines.add(format("  r2      %.5f", fit.r2()));
        }
        ScalingFit.Parametric p = fit.parametric();
        if (p != null) {
            lines.add(format("  L(N,D)  %.4g + %.4g N^-%.4f + %.4g D^-%.4f", p.e(), p.a(), p.alpha(), p.b(), p.beta()));
            unknowns(lines, p.intervals());
        }
        if (!fit.optima().isEmpty()) {
            lines.add(format("  %12s %12s %12s %12s", "budget", "N_opt", "D_opt", "metric"));
        }
        for (ScalingFit.Optimum optimum : fit.optima()) {
            lines.add(format(
                            "  %12.4g %12.4g %12.4g %12.5g  %s",
                            optimum.budgetFlops(),
                            optimum.params(),
                            optimum.tokens(),
                            optimum.metric(),
                            optimum.used() ? "used" : "left out: " + optimum.reason())
                    .stripTrailing());
        }
        ScalingFit.Extrapolation far = fit.extrapolated();
        if (far != null) {
            lines.add(format("  at %.4g FLOPs", far.budgetFlops()));
            lines.add("    N       " + interval(far.params()));
            lines.add("    D       " + interval(far.tokens()));
            if (far.metric() != null) {
                lines.add("    metric  " + interval(far.metric()) + "  (" + far.metricForm() + ")");
            }
            if (far.metricBeside() != null) {
                lines.add("    beside  " + interval(far.metricBeside()) + "  (" + far.metricBesideForm() + ")");
            }
        }
        fit.labels().forEach(label -> lines.add("  line " + label.row() + ": " + label.label()));
        if (fit.uncertainty() != null) {
            lines.add("  intervals: " + fit.uncertainty());
        }
        robustness(lines, fit.robustness());
        lines.add("");
        return String.join(System.lineSeparator(), lines);
    }

    private static void robustness(List<String> lines, @Nullable Robustness robustness) {
        if (robustness == null) {
            return;
        }
        Robustness.Range out = robustness.leaveOneSizeOut();
        if (out != null) {
            lines.add(format(
                    "  N exponent without one size: %.4f to %.4f over %d fits%s",
                    out.low(), out.high(), out.fits(), out.refused() == 0 ? "" : ", " + out.refused() + " refused"));
        }
        lines.add("  N exponent by method: "
                + robustness.methods().stream()
                        .map(each -> format("%s %.4f", each.method(), each.nExponent()))
                        .collect(Collectors.joining(", ")));
    }

    private static void law(
            List<String> lines, String name, @Nullable Interval coefficient, @Nullable Interval exponent) {
        if (coefficient != null && exponent != null) {
            lines.add(format("  %s   %.4g C^%s", name, coefficient.value(), interval(exponent)));
        }
    }

    private static void unknowns(List<String> lines, ScalingFit.@Nullable SurfaceIntervals of) {
        if (of != null) {
            lines.add("    E       " + interval(of.e()));
            lines.add("    A       " + interval(of.a()));
            lines.add("    B       " + interval(of.b()));
            lines.add("    alpha   " + interval(of.alpha()));
            lines.add("    beta    " + interval(of.beta()));
        }
    }

    static String interval(Interval interval) {
        return interval.level() == 0
                ? format("%.4g", interval.value())
                : format(
                        "%.4g [%.4g, %.4g] at %.0f %%",
                        interval.value(), interval.low(), interval.high(), 100 * interval.level());
    }

    /** A number without zeros that tell nothing. */
    static String plain(double value) {
        return value == Math.rint(value) ? format("%.0f", value) : Double.toString(value);
    }

    private static String format(String pattern, Object... values) {
        return String.format(Locale.ROOT, pattern, values);
    }
}

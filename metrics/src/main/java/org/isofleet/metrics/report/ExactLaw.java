package org.isofleet.metrics.report;

import org.isofleet.metrics.live.Notation;
import org.isofleet.metrics.scaling.Accounting;
import org.isofleet.metrics.scaling.Accounting.ExactFlops;
import org.isofleet.metrics.scaling.ScalingFit;

/**
 * The law under exact FLOPs in a line. Under 6ND the exponents of N and D sum to 1. With attention, C = c(N) D for FLOPs a token c that grow as
 * N^s between the optima, and s a + b = 1: where attention is much of c, s is below 1 and the sum above it.
 */
final class ExactLaw {
    private static final double FLOPS_PER_WEIGHT = 6;

    /** Sums of two-digit exponents that differ from 1 by less need no reason. */
    private static final double NOTICEABLE = 0.015;

    private ExactLaw() {}

    static void write(Html html, ScalingFit fit) {
        Accounting accounting = fit.accounting();
        ExactFlops exact = accounting == null ? null : accounting.exactFlops();
        if (exact == null || exact.optima().isEmpty()) {
            return;
        }
        double n = exact.nExponent().value();
        double d = exact.dExponent().value();
        html.raw("<p class=\"soft exact\">")
                .text("With attention counted (exact FLOPs): ")
                .raw(Html.power("N_opt", exact.nExponent()) + ", " + Html.power("D_opt", exact.dExponent()) + ".");
        if (n + d - 1 > NOTICEABLE) {
            html.text(" Their sum is " + Notation.fixed(n + d, 2)
                            + " and not 1, because FLOPs a token grow slower than N" + " at these sizes: attention is "
                            + shares(exact) + " of them and grows as N")
                    .raw("<sup>" + Notation.fixed(exact.attention().exponent(), 2) + "</sup>.");
        }
        html.raw("</p>\n");
    }

    /** The share of attention in the FLOPs of a token at the optima. */
    private static String shares(ExactFlops exact) {
        double[] shares = exact.optima().stream()
                .mapToDouble(optimum -> {
                    double params = optimum.params().value();
                    double attention = exact.attention().coefficient()
                            * Math.pow(params, exact.attention().exponent());
                    return attention / (FLOPS_PER_WEIGHT * params + attention);
                })
                .sorted()
                .toArray();
        long least = Math.round(100 * shares[0]);
        long most = Math.round(100 * shares[shares.length - 1]);
        return least == most ? least + " %" : least + " to " + most + " %";
    }
}

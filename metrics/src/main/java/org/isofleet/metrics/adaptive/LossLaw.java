package org.isofleet.metrics.adaptive;

import java.util.List;
import java.util.Objects;
import org.isofleet.metrics.live.Notation;
import org.isofleet.metrics.scaling.FitMethod;
import org.isofleet.metrics.scaling.FitRequest;
import org.isofleet.metrics.scaling.Fits;
import org.isofleet.metrics.scaling.MetricDirection;
import org.isofleet.metrics.scaling.Observation;
import org.isofleet.metrics.scaling.ScalingFit;
import org.isofleet.metrics.scaling.SurfaceDesign;

/** What the results so far say of the loss: by variable projection, as the fits of a study do. */
sealed interface LossLaw {
    /** There is none yet. */
    record Unknown(String reason) implements LossLaw {}

    /** A surface, and what it leaves open. */
    record Known(SurfaceDesign design, int points) implements LossLaw {
        double logParamsAt(double budgetFlops) {
            return design.logParamsAt(budgetFlops);
        }

        /** How far a cell's mean may move the best N at a budget, as a share of its interval. */
        double influence(Cell cell, double budgetFlops) {
            double kept = with(cell).deviationAt(budgetFlops) / deviationAt(budgetFlops);
            return Math.sqrt(Math.max(0, 1 - kept * kept));
        }

        double deviationAt(double budgetFlops) {
            return design.deviationAt(budgetFlops);
        }

        Known with(Cell cell) {
            SurfaceDesign more = design;
            for (int run = 0; run < cell.runs(); run++) {
                more = more.with(cell.params(), cell.tokens());
            }
            return new Known(more, points + cell.runs());
        }

        /** The best N at a budget in words. */
        String best(double budgetFlops) {
            double log = logParamsAt(budgetFlops);
            double open = 2 * deviationAt(budgetFlops);
            return "%s, %s to %s within two deviations, by vpnls of %d runs"
                    .formatted(
                            Notation.count(Math.exp(log)),
                            Notation.count(Math.exp(log - open)),
                            Notation.count(Math.exp(log + open)),
                            points);
        }
    }

    static LossLaw of(List<Observation> results) {
        ScalingFit fit = Fits.fit(FitRequest.of(results, FitMethod.VPNLS, MetricDirection.MINIMISE)
                .withBootstrap(0));
        ScalingFit.Parametric surface = fit.parametric();
        return !fit.usable() || surface == null
                ? new Unknown(Objects.requireNonNullElse(fit.reason(), "it gives no surface"))
                : new Known(SurfaceDesign.of(surface, results), results.size());
    }
}

package org.isofleet.deploy.cli;

import java.util.List;
import org.isofleet.metrics.forecast.Growth;
import org.isofleet.metrics.forecast.Ledger;
import org.isofleet.metrics.forecast.Projection;
import org.jspecify.annotations.Nullable;

/**
 * What {@code isofleet forecast} tells.
 *
 * @param log file of the sealed forecasts; null for the paper's cells
 * @param notes what was refused or kept as an attempt
 * @param checkStudies study files that were written
 */
record ForecastAnswer(
        @Nullable String log,
        List<String> notes,
        List<String> checkStudies,
        List<Ledger.Standing> forecasts,
        List<Projection> projections,
        List<Growth> growth) {
    ForecastAnswer {
        notes = List.copyOf(notes);
        checkStudies = List.copyOf(checkStudies);
        forecasts = List.copyOf(forecasts);
        projections = List.copyOf(projections);
        growth = List.copyOf(growth);
    }
}

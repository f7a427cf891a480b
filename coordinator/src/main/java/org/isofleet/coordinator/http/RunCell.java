package org.isofleet.coordinator.http;

import org.isofleet.metrics.live.Narrative;
import org.isofleet.metrics.live.RunView;
import org.jspecify.annotations.Nullable;

/**
 * What is planned of a run and never changes.
 *
 * @param name as people call it: size and budget
 * @param position place in the study's order
 * @param fitted whether laws rest on it; if not, {@code label} says why
 */
record RunCell(
        String id,
        String name,
        int position,
        int resolution,
        double budgetFlops,
        double params,
        double tokens,
        long steps,
        int layers,
        int width,
        int batch,
        double learningRate,
        boolean fitted,
        @Nullable String label) {
    static RunCell of(RunView run, int position) {
        return new RunCell(
                run.id().value(),
                Narrative.name(run),
                position,
                run.resolution(),
                run.budgetFlops(),
                run.params(),
                run.tokens(),
                run.spec().steps(),
                run.spec().shape().layers(),
                run.spec().shape().width(),
                run.spec().batch(),
                run.spec().optimizer().learningRate(),
                run.planned().fitted(),
                run.planned().label());
    }
}

package org.isofleet.metrics.sink;

import io.prometheus.metrics.model.snapshots.Labels;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.isofleet.metrics.live.LiveEvent.RunState;
import org.isofleet.metrics.live.LossCurve;
import org.isofleet.metrics.live.Narrative;
import org.isofleet.metrics.live.RunView;
import org.jspecify.annotations.Nullable;

/**
 * Series of single runs: of those that have begun, at most {@value #MOST}, those that changed last before all others. What else there is
 * to know of a run hangs on {@code isofleet_run_info}, so that no other series changes its labels.
 */
final class RunFamilies {
    static final int MOST = 1000;

    private RunFamilies() {}

    static void add(Families families, List<RunView> all) {
        List<RunView> begun = all.stream()
                .filter(run -> run.state() != RunState.WAITING || run.trace().step() > 0)
                .sorted(Comparator.comparing((RunView run) -> run.trace().since())
                        .reversed()
                        .thenComparing(run -> run.id().value()))
                .toList();
        List<RunView> told = begun.subList(0, Math.min(MOST, begun.size()));
        families.gauge(
                "runs_left_out",
                "Runs that have begun and have no series of their own, because there are too many.",
                begun.size() - told.size());
        families.info("run", "What a run is.", told, RunFamilies::what);
        families.gauge("run_step", "Furthest optimizer step of the run.", told, RunFamilies::id, run ->
                (double) run.trace().step());
        families.gauge(
                "run_share",
                "Share of the run's steps done, 0 to 1.",
                told,
                RunFamilies::id,
                run -> run.trainedShare());
        families.gauge(
                "run_train_loss_nats_per_pixel",
                "Training loss, mean over the last steps of the curve.",
                told,
                RunFamilies::id,
                RunFamilies::trainLoss);
        families.gauge(
                "run_loss_nats_per_pixel",
                "Held-out loss.",
                told,
                RunFamilies::id,
                run -> run.loss().isPresent() ? (Double) run.loss().getAsDouble() : null);
        families.gauge(
                "run_tokens_per_second",
                "Rate of the run, 0 when it does not train.",
                told,
                RunFamilies::id,
                run -> run.trace().tokensPerSecond());
        families.gauge("run_generation", "Number of the run's group.", told, RunFamilies::id, run ->
                (double) run.trace().generation());
        families.gauge(
                "run_restarts",
                "Times the run's group was formed again because something went wrong.",
                told,
                RunFamilies::id,
                run -> (double) run.trace().restarts());
        families.gauge(
                "run_workers",
                "Workers of the run's group.",
                told,
                RunFamilies::id,
                run -> run.ended() ? 0.0 : run.trace().workers().size());
    }

    private static Labels id(RunView run) {
        return Labels.of("run", run.id().value());
    }

    private static Labels what(RunView run) {
        return Labels.of(
                "run",
                run.id().value(),
                "name",
                Narrative.name(run),
                "budget_flops",
                String.format(Locale.ROOT, "%.3g", run.budgetFlops()),
                "params",
                Long.toString(run.spec().shape().params()),
                "resolution",
                Integer.toString(run.resolution()));
    }

    private static @Nullable Double trainLoss(RunView run) {
        List<LossCurve.Point> points = run.trace().curve().points();
        return points.isEmpty() ? null : (Double) points.get(points.size() - 1).loss();
    }
}

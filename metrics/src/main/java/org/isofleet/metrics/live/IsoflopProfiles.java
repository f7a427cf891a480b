package org.isofleet.metrics.live;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;
import org.isofleet.metrics.live.LiveEvent.FitsUpdated;
import org.isofleet.metrics.scaling.ScalingFit;
import org.isofleet.metrics.scaling.ScalingFit.Optimum;
import org.isofleet.metrics.scaling.ScalingFit.Parametric;
import org.jspecify.annotations.Nullable;

/**
 * The IsoFLOP profiles of one metric at one resolution: what was measured at every budget by the same protocol, and the fits over it.
 *
 * @param metric {@code loss}, {@code top1} or {@code fd}
 * @param resolution image side
 * @param profiles by budget, rising; also those without points yet
 * @param fits of this metric and resolution, the one to show first
 */
public record IsoflopProfiles(String metric, int resolution, List<Profile> profiles, List<ScalingFit> fits) {
    public IsoflopProfiles {
        profiles = List.copyOf(profiles);
        fits = List.copyOf(fits);
    }

    /** A measured run. */
    public record Point(RunView run, double value) {
        public double params() {
            return run.params();
        }

        /** Whether the laws rest on it. */
        public boolean fitted() {
            return run.planned().fitted();
        }
    }

    /**
     * One budget.
     *
     * @param optimum where the first fit puts it; null without one
     * @param surface the fitted surface; null when the method has none
     */
    public record Profile(
            double budgetFlops,
            List<Point> points,
            @Nullable Optimum optimum,
            @Nullable Parametric surface) {
        public Profile {
            points = List.copyOf(points);
        }

        /** The fitted metric of a model of N parameters at this budget; empty when the method gives no curve. */
        public OptionalDouble curve(double params) {
            if (surface == null || optimum == null) {
                return OptionalDouble.empty();
            }
            // Params times tokens is the same all along a budget, whatever the count of FLOPs behind it.
            double tokens = optimum.params() * optimum.tokens() / params;
            return OptionalDouble.of(surface.e()
                    + surface.a() * Math.pow(params, -surface.alpha())
                    + surface.b() * Math.pow(tokens, -surface.beta()));
        }
    }

    /** The profiles of a study at one resolution. */
    public static IsoflopProfiles of(StudyView view, String metric, int resolution) {
        List<ScalingFit> fits = fits(view, metric, resolution);
        Optional<ScalingFit> shown = fits.stream().findFirst();
        Map<Double, List<Point>> points = new TreeMap<>();
        for (RunView run : view.runs()) {
            if (run.resolution() == resolution) {
                points.computeIfAbsent(run.budgetFlops(), b -> new ArrayList<>());
            }
        }
        for (RunView run : CommonProtocol.runs(view, metric, resolution)) {
            run.metric(metric)
                    .ifPresent(value -> Objects.requireNonNull(points.get(run.budgetFlops()))
                            .add(new Point(run, value)));
        }
        List<Profile> profiles = new ArrayList<>();
        points.forEach((budget, measured) -> {
            measured.sort((a, b) -> Double.compare(a.params(), b.params()));
            profiles.add(new Profile(
                    budget,
                    measured,
                    shown.flatMap(fit -> optimum(fit, budget)).orElse(null),
                    shown.map(ScalingFit::parametric).orElse(null)));
        });
        return new IsoflopProfiles(metric, resolution, profiles, fits);
    }

    /** The resolutions of a study, rising. */
    public static List<Integer> resolutions(StudyView view) {
        return view.runs().stream().map(RunView::resolution).distinct().sorted().toList();
    }

    /** The fit to show first, if there is one. */
    public Optional<ScalingFit> fit() {
        return fits.stream().findFirst();
    }

    /** The point nearest to the target of the metric at a budget: the lowest loss or distance, the highest accuracy. */
    public Optional<Point> best(Profile profile) {
        double sign = metric.equals("top1") ? -1 : 1;
        return profile.points().stream().min((a, b) -> Double.compare(sign * a.value(), sign * b.value()));
    }

    /** The optimum that a fit puts at a budget. */
    public static Optional<Optimum> optimum(ScalingFit fit, double budgetFlops) {
        return fit.optima().stream()
                .filter(optimum -> Math.abs(optimum.budgetFlops() / budgetFlops - 1) < 1e-9)
                .findFirst();
    }

    private static List<ScalingFit> fits(StudyView view, String metric, int resolution) {
        FitsUpdated update = view.fits().get(metric);
        if (update == null) {
            return List.of();
        }
        String wanted = Integer.toString(resolution);
        return update.fits().stream()
                .filter(fit -> fit.group().getOrDefault("resolution", wanted).equals(wanted))
                .toList();
    }
}

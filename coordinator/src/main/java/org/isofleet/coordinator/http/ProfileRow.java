package org.isofleet.coordinator.http;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import org.isofleet.metrics.live.IsoflopProfiles;
import org.isofleet.metrics.live.Narrative;
import org.isofleet.metrics.live.StudyView;
import org.isofleet.metrics.scaling.Interval;
import org.isofleet.metrics.scaling.ScalingFit;
import org.isofleet.metrics.scaling.ScalingFit.Optimum;
import org.jspecify.annotations.Nullable;

/**
 * The IsoFLOP profiles of a metric at a resolution, ready to be drawn.
 *
 * @param metric {@code loss}, {@code top1} or {@code fd}
 * @param law in words, or why there is none; left out before the first fit
 * @param status {@code ok}, {@code indicative} or {@code refused}
 */
record ProfileRow(
        String metric,
        int resolution,
        @Nullable String law,
        @Nullable String status,
        @Nullable String reason,
        @Nullable Interval nExponent,
        @Nullable Interval dExponent,
        int points,
        List<Budget> budgets) {
    private static final int STEPS = 48;

    /** One budget; {@code curve}: pairs of N and the fitted metric. */
    record Budget(
            double budgetFlops,
            List<Point> points,
            @Nullable Minimum minimum,
            List<double[]> curve) {}

    record Point(String run, double params, double value, boolean fitted) {}

    /** The fitted optimum; {@code low} and {@code high}: what the law leaves open of N. */
    record Minimum(
            double params,
            double metric,
            boolean used,
            @Nullable Double low,
            @Nullable Double high) {}

    static List<ProfileRow> of(StudyView view) {
        List<ProfileRow> rows = new ArrayList<>();
        for (int resolution : IsoflopProfiles.resolutions(view)) {
            for (String metric : List.of("loss", "top1", "fd")) {
                IsoflopProfiles profiles = IsoflopProfiles.of(view, metric, resolution);
                if (profiles.profiles().stream()
                        .anyMatch(profile -> !profile.points().isEmpty())) {
                    rows.add(row(profiles));
                }
            }
        }
        return rows;
    }

    private static ProfileRow row(IsoflopProfiles profiles) {
        ScalingFit fit = profiles.fit().orElse(null);
        return new ProfileRow(
                profiles.metric(),
                profiles.resolution(),
                fit == null ? null : Narrative.law(fit),
                fit == null ? null : fit.status(),
                fit == null ? null : fit.reason(),
                fit == null ? null : fit.nExponent(),
                fit == null ? null : fit.dExponent(),
                fit == null ? 0 : fit.points(),
                profiles.profiles().stream().map(ProfileRow::budget).toList());
    }

    private static Budget budget(IsoflopProfiles.Profile profile) {
        List<Point> points = profile.points().stream()
                .map(point -> new Point(point.run().id().value(), point.params(), point.value(), point.fitted()))
                .toList();
        return new Budget(profile.budgetFlops(), points, minimum(profile.optimum()), curve(profile));
    }

    private static @Nullable Minimum minimum(@Nullable Optimum optimum) {
        if (optimum == null) {
            return null;
        }
        Interval interval = optimum.paramsByLaw();
        boolean bounded = interval != null && interval.level() > 0;
        return new Minimum(
                optimum.params(),
                optimum.metric(),
                optimum.used(),
                interval != null && bounded ? (Double) interval.low() : null,
                interval != null && bounded ? (Double) interval.high() : null);
    }

    private static List<double[]> curve(IsoflopProfiles.Profile profile) {
        List<double[]> curve = new ArrayList<>();
        if (profile.points().isEmpty()) {
            return curve;
        }
        double left = Math.log(profile.points().get(0).params()) - 0.2;
        double right =
                Math.log(profile.points().get(profile.points().size() - 1).params()) + 0.2;
        for (int i = 0; i <= STEPS; i++) {
            double params = Math.exp(left + (right - left) * i / STEPS);
            OptionalDouble value = profile.curve(params);
            value.ifPresent(metric -> curve.add(new double[] {params, metric}));
        }
        return curve;
    }
}

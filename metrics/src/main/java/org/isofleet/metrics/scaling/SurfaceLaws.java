package org.isofleet.metrics.scaling;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.Random;
import java.util.function.ToDoubleFunction;
import org.isofleet.protocol.study.InvalidSpecException;
import org.jspecify.annotations.Nullable;

/**
 * Approach 3 of Hoffmann et al. 2022: one surface through all points, and its optimum along each budget. An optimum counts as
 * interior when it lies between the smallest and the largest size trained at that budget.
 */
final class SurfaceLaws {
    private static final int LEAST_POINTS = 6;
    private static final int UNKNOWNS = 5;

    /** Residuals beyond this many standard deviations, these from the median absolute residual, are labelled. */
    private static final double OUTLIER = 5;

    /** Residuals beyond this many times the noise within the profiles are labelled as misfit. */
    private static final double MISFIT = 3;

    private final FitRequest request;
    private final MetricScale scale;
    private final List<IsoflopProfile> profiles;
    private final SurfacePoints points;
    private final SurfaceMethod method;
    private final double flopsPerPair;

    SurfaceLaws(FitRequest request) {
        this.request = request;
        scale = MetricScale.of(request.direction(), request.points());
        if (request.method() == FitMethod.HUBER && scale != MetricScale.LOG) {
            throw new InvalidSpecException(
                    "huber fits the logarithm of a positive metric that is minimised; use vpnls");
        }
        profiles = IsoflopProfile.of(request.points(), scale);
        points = SurfacePoints.of(request.points(), scale);
        method = SurfaceMethod.of(request.method());
        flopsPerPair = Math.exp(request.points().stream()
                .mapToDouble(p -> Math.log(p.budgetFlops() / p.params() / p.tokens()))
                .average()
                .orElse(0));
    }

    Fitted fit() {
        List<ScalingFit.Label> labels = new ArrayList<>(PointLabels.of(request.points(), profiles));
        if (points.count() < LEAST_POINTS || profiles.size() < 2) {
            return new Answer(request, profiles, List.of(), labels)
                    .refused("a surface needs at least " + LEAST_POINTS + " points at two budgets, not "
                            + points.count() + " at " + profiles.size());
        }
        SurfaceEstimate estimate = method.fit(points);
        String unidentified = unidentified(estimate);
        if (unidentified != null) {
            return new Answer(request, profiles, List.of(), labels).refused(unidentified);
        }
        LossSurface surface = estimate.surface(points);
        labels.addAll(outliers(estimate));
        labels.addAll(misfit(estimate));
        Answer answer = new Answer(request, profiles, optima(surface), labels);
        String tooFew = answer.tooFewOptima();
        if (tooFew != null) {
            return answer.refused(tooFew);
        }
        Noise measured = Noise.measured(request, scale);
        Noise left = new Noise(residualNoise(estimate), Math.max(1, points.count() - UNKNOWNS), "from the residuals");
        Noise noise = measured != null ? measured.pooled(left, true) : left;
        Bootstrap bootstrap =
                Bootstrap.of(request, noise, scale, (random, deviation) -> draw(random, estimate, deviation));
        return answer.fitted(
                laws(surface),
                r2(estimate),
                bootstrap,
                new ScalingFit.Parametric(
                        surface.e(),
                        surface.a(),
                        surface.b(),
                        surface.alpha(),
                        surface.beta(),
                        estimate.objective(),
                        intervals(surface, bootstrap)),
                null);
    }

    /** The exponent of N from a search that starts at a surface that is close; empty when these points give none. */
    OptionalDouble exponentNear(LossSurface close) {
        if (points.count() < LEAST_POINTS || profiles.size() < 2) {
            return OptionalDouble.empty();
        }
        SurfaceEstimate found = method.refit(points, points.estimate(close));
        if (unidentified(found) != null) {
            return OptionalDouble.empty();
        }
        LossSurface surface = found.surface(points);
        long interior =
                optima(surface).stream().filter(ScalingFit.Optimum::used).count();
        return interior < Answer.OPTIMA_AT_LEAST
                ? OptionalDouble.empty()
                : OptionalDouble.of(laws(surface).nExponent());
    }

    private static ScalingFit.SurfaceIntervals intervals(LossSurface surface, Bootstrap bootstrap) {
        return new ScalingFit.SurfaceIntervals(
                interval(surface, bootstrap, LossSurface::e),
                interval(surface, bootstrap, LossSurface::a),
                interval(surface, bootstrap, LossSurface::b),
                interval(surface, bootstrap, LossSurface::alpha),
                interval(surface, bootstrap, LossSurface::beta));
    }

    private static Interval interval(LossSurface surface, Bootstrap bootstrap, ToDoubleFunction<LossSurface> unknown) {
        return bootstrap.around(
                unknown.applyAsDouble(surface),
                draw -> unknown.applyAsDouble(Objects.requireNonNull(draw.surface(), "laws of a surface keep it")));
    }

    private Laws laws(LossSurface surface) {
        Double budget = request.extrapolateFlops();
        return surface.laws(flopsPerPair, budget == null ? 1 : budget);
    }

    private static @Nullable String unidentified(SurfaceEstimate estimate) {
        if (!(estimate.a() > 0) || !(estimate.b() > 0)) {
            return "the points do not show an effect of " + (estimate.a() > 0 ? "tokens" : "parameters")
                    + " of its own";
        }
        double least = Math.min(estimate.alpha(), estimate.beta());
        double largest = Math.max(estimate.alpha(), estimate.beta());
        if (least < 1.01 * VariableProjection.LEAST_EXPONENT || largest > 0.99 * VariableProjection.LARGEST_EXPONENT) {
            return String.format(
                    Locale.ROOT,
                    "the points do not determine the exponents: alpha %.3g, beta %.3g",
                    estimate.alpha(),
                    estimate.beta());
        }
        return null;
    }

    private List<ScalingFit.Optimum> optima(LossSurface surface) {
        Laws laws = laws(surface);
        List<ScalingFit.Optimum> optima = new ArrayList<>();
        for (IsoflopProfile profile : profiles) {
            double params = laws.paramsAt(profile.budgetFlops);
            double tokens = laws.tokensAt(profile.budgetFlops);
            double logN = Math.log(params);
            boolean inside = logN > profile.logN[0] && logN < profile.logN[profile.sizes() - 1];
            optima.add(new ScalingFit.Optimum(
                    profile.budgetFlops,
                    params,
                    tokens,
                    surface.at(params, tokens),
                    inside,
                    inside ? null : "it lies outside the sizes trained at this budget"));
        }
        return optima;
    }

    private @Nullable Laws draw(Random random, SurfaceEstimate estimate, double noise) {
        double[] values = new double[points.count()];
        for (int i = 0; i < values.length; i++) {
            double fitted = estimate.predicted(points, i);
            double error = noise * random.nextGaussian();
            values[i] = scale == MetricScale.LOG ? fitted * Math.exp(error) : fitted + error;
        }
        SurfacePoints drawn = points.with(values);
        SurfaceEstimate again = method.refit(drawn, estimate);
        return unidentified(again) == null ? laws(again.surface(drawn)) : null;
    }

    private double weightedResidual(SurfaceEstimate estimate, int i) {
        return points.weight[i] * (points.value[i] - estimate.predicted(points, i));
    }

    private double residualNoise(SurfaceEstimate estimate) {
        double squares = 0;
        for (int i = 0; i < points.count(); i++) {
            squares += Math.pow(weightedResidual(estimate, i), 2);
        }
        return Math.sqrt(squares / Math.max(1, points.count() - UNKNOWNS));
    }

    /** A surface that cannot follow the profiles leaves more than their noise, and biased exponents with it. */
    private List<ScalingFit.Label> misfit(SurfaceEstimate estimate) {
        Noise within = PseudoResiduals.of(profiles).noise();
        double noise = within == null ? 0 : within.deviation();
        double ratio = residualNoise(estimate) / noise;
        if (noise == 0 || ratio < MISFIT || residualNoise(estimate) < 1e-9) {
            return List.of();
        }
        return List.of(new ScalingFit.Label(
                "all",
                String.format(
                        Locale.ROOT,
                        "residuals are %.1f times the noise within the profiles: this surface does not follow the points",
                        ratio)));
    }

    private double r2(SurfaceEstimate estimate) {
        double mean = java.util.Arrays.stream(points.value).average().orElseThrow();
        double squares = 0;
        double all = 0;
        for (int i = 0; i < points.count(); i++) {
            squares += Math.pow(points.value[i] - estimate.predicted(points, i), 2);
            all += Math.pow(points.value[i] - mean, 2);
        }
        return all == 0 ? 1 : 1 - squares / all;
    }

    private List<ScalingFit.Label> outliers(SurfaceEstimate estimate) {
        double[] sizes = new double[points.count()];
        for (int i = 0; i < sizes.length; i++) {
            sizes[i] = Math.abs(weightedResidual(estimate, i));
        }
        double[] sorted = sizes.clone();
        java.util.Arrays.sort(sorted);
        double limit = OUTLIER * Math.max(sorted[sorted.length / 2] / 0.6745, 1e-9);
        List<ScalingFit.Label> labels = new ArrayList<>();
        for (int i = 0; i < sizes.length; i++) {
            if (sizes[i] > limit) {
                labels.add(new ScalingFit.Label(request.points().get(i).label(), "outlier"));
            }
        }
        return labels;
    }
}

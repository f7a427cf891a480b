package org.isofleet.metrics.scaling;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Puts the answer of a fit together, the same way for all methods. */
final class Answer {
    private static final int OPTIMA_FOR_OK = 4;
    static final int OPTIMA_AT_LEAST = 3;

    private static final String SURFACE = "E + A N^-alpha + B D^-beta, bounded by E";

    private final FitRequest request;
    private final List<ScalingFit.Optimum> optima;
    private final List<ScalingFit.Label> labels;

    Answer(
            FitRequest request,
            List<IsoflopProfile> profiles,
            List<ScalingFit.Optimum> optima,
            List<ScalingFit.Label> labels) {
        this.request = request;
        this.optima = List.copyOf(optima);
        this.labels = new ArrayList<>(labels);
        this.labels.addAll(PointLabels.offCentre(profiles, optima));
    }

    private long interior() {
        return optima.stream().filter(ScalingFit.Optimum::used).count();
    }

    /** The reason to refuse for want of interior optima; null when there are enough. */
    @Nullable
    String tooFewOptima() {
        long interior = interior();
        return interior >= OPTIMA_AT_LEAST
                ? null
                : interior + " of " + optima.size() + " budgets have an interior optimum; " + OPTIMA_AT_LEAST
                        + " are the least; "
                        + (interior == optima.size()
                                ? "add budgets"
                                : "add sizes where the others have theirs on an edge, or runs where it cannot be told");
    }

    Fitted refused(String reason) {
        ScalingFit fit = new ScalingFit(
                request.group(),
                request.method().cliName(),
                "refused",
                reason,
                null,
                null,
                null,
                null,
                null,
                optima,
                null,
                null,
                null,
                labels,
                request.points().size(),
                null,
                null);
        return new Fitted(fit, null, null);
    }

    Fitted fitted(
            Laws laws,
            double r2,
            Bootstrap bootstrap,
            ScalingFit.@Nullable Parametric parametric,
            @Nullable MetricLaws metricLaws) {
        String reason = doubts(bootstrap);
        ScalingFit fit = new ScalingFit(
                request.group(),
                request.method().cliName(),
                reason == null ? "ok" : "indicative",
                reason,
                bootstrap.around(laws.nExponent(), Laws::nExponent),
                bootstrap.around(laws.dExponent(), Laws::dExponent),
                bootstrap.around(Math.exp(laws.logN()), draw -> Math.exp(draw.logN())),
                bootstrap.around(Math.exp(laws.logD()), draw -> Math.exp(draw.logD())),
                r2,
                optima.stream()
                        .map(optimum -> withLaws(optimum, laws, bootstrap))
                        .toList(),
                parametric,
                extrapolation(laws, bootstrap, metricLaws),
                new Accounts(request.shapes(), budgetsUsed()).of(laws, bootstrap),
                labels,
                request.points().size(),
                bootstrap.description(),
                null);
        return new Fitted(fit, laws, bootstrap);
    }

    private @Nullable String doubts(Bootstrap bootstrap) {
        String few = interior() >= OPTIMA_FOR_OK
                ? null
                : interior() + " interior optima; " + OPTIMA_FOR_OK + " are needed for a fit that is ok";
        String doubt = bootstrap.doubt();
        return few == null ? doubt : doubt == null ? few : few + "; " + doubt;
    }

    private double[] budgetsUsed() {
        return optima.stream()
                .filter(ScalingFit.Optimum::used)
                .mapToDouble(ScalingFit.Optimum::budgetFlops)
                .toArray();
    }

    private static ScalingFit.Optimum withLaws(ScalingFit.Optimum optimum, Laws laws, Bootstrap bootstrap) {
        double budget = optimum.budgetFlops();
        return optimum.withLaws(
                bootstrap.around(laws.paramsAt(budget), draw -> draw.paramsAt(budget)),
                bootstrap.around(laws.tokensAt(budget), draw -> draw.tokensAt(budget)));
    }

    private ScalingFit.@Nullable Extrapolation extrapolation(
            Laws laws, Bootstrap bootstrap, @Nullable MetricLaws metricLaws) {
        Double budget = request.extrapolateFlops();
        if (budget == null) {
            return null;
        }
        MetricLaw beside = metricLaws == null ? null : metricLaws.beside();
        boolean other = beside != null && Double.isFinite(laws.metricBeside());
        return new ScalingFit.Extrapolation(
                budget,
                bootstrap.around(laws.paramsAt(budget), draw -> draw.paramsAt(budget)),
                bootstrap.around(laws.tokensAt(budget), draw -> draw.tokensAt(budget)),
                bootstrap.around(laws.metricAt(), Laws::metricAt),
                metricLaws == null ? SURFACE : metricLaws.first().words(),
                other ? bootstrap.around(laws.metricBeside(), Laws::metricBeside) : null,
                other && beside != null ? beside.words() : null);
    }
}

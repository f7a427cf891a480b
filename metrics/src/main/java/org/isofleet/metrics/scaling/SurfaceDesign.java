package org.isofleet.metrics.scaling;

import static org.isofleet.protocol.study.Requirement.require;

import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * What a fitted surface L = E + A N^-alpha + B D^-beta leaves open about the best size at a budget, and what a further run would tell
 * of it.
 *
 * <p>The surface is taken as linear in its unknowns (E, log A, log B, alpha, beta, sizes and tokens about their means) near the fit. Then a run at
 * (N, D) has a gradient J of the relative loss, the runs so far leave the covariance S = (sum J J' / noise^2 + prior)^-1, and log N_opt at a
 * budget with gradient c has the variance c'Sc. One more run takes (c'SJ)^2 / (noise^2 + J'SJ) off that variance, whatever its value
 * (c-optimal design; Pukelsheim 1993, chapter 2). Its value is expected within two deviations, sqrt(noise^2 + J'SJ) each, of what the
 * surface says. So it moves the estimate by at most two deviations of the estimate times the square root of the share that it takes off the variance.
 *
 * <p>The noise is that of the residuals. The prior is ours and weak, so that few points leave a large covariance and no infinite one: deviations of
 * the mean loss for E, of a factor 20 for A and B, and of the whole value for alpha and beta. Immutable.
 */
public final class SurfaceDesign {
    private static final int UNKNOWNS = 5;
    private static final double PRIOR_LOG_FACTOR = Math.log(20);

    private final LossSurface surface;
    private final double meanLogN;
    private final double meanLogD;
    private final double flopsPerPair;
    private final double noise;
    private final double[][] covariance;

    private SurfaceDesign(
            LossSurface surface,
            double meanLogN,
            double meanLogD,
            double flopsPerPair,
            double noise,
            double[][] covariance) {
        this.surface = surface;
        this.meanLogN = meanLogN;
        this.meanLogD = meanLogD;
        this.flopsPerPair = flopsPerPair;
        this.noise = noise;
        this.covariance = covariance;
    }

    /**
     * The design of the runs that a surface was fitted to.
     *
     * @param found with A and B above zero, of a positive loss
     * @param points more than the five unknowns
     */
    public static SurfaceDesign of(ScalingFit.Parametric found, List<Observation> points) {
        require(points.size() > UNKNOWNS, "a surface of five unknowns needs more than %d points", points.size());
        double meanLogN = mean(points, p -> Math.log(p.params()));
        double meanLogD = mean(points, p -> Math.log(p.tokens()));
        double pair = Math.exp(mean(points, p -> Math.log(p.budgetFlops() / p.params() / p.tokens())));
        LossSurface surface = new LossSurface(
                found.e(),
                found.a() * Math.exp(-found.alpha() * meanLogN),
                found.b() * Math.exp(-found.beta() * meanLogD),
                found.alpha(),
                found.beta());
        double squares = 0;
        for (Observation point : points) {
            double fitted = surface.at(point.params() / Math.exp(meanLogN), point.tokens() / Math.exp(meanLogD));
            squares += Math.pow(point.metric() / fitted - 1, 2);
        }
        double noise = Math.max(1e-6, Math.sqrt(squares / (points.size() - UNKNOWNS)));
        double loss = mean(points, Observation::metric);
        double[] prior = {loss, PRIOR_LOG_FACTOR, PRIOR_LOG_FACTOR, found.alpha(), found.beta()};
        double[][] open = new double[UNKNOWNS][UNKNOWNS];
        for (int i = 0; i < UNKNOWNS; i++) {
            open[i][i] = prior[i] * prior[i];
        }
        SurfaceDesign design = new SurfaceDesign(surface, meanLogN, meanLogD, pair, noise, open);
        for (Observation point : points) {
            design = design.with(point.params(), point.tokens());
        }
        return design;
    }

    private static double mean(List<Observation> points, ToDoubleFunction<Observation> of) {
        return points.stream().mapToDouble(of).average().orElseThrow();
    }

    /** Relative standard deviation of one run about the surface. */
    public double noise() {
        return noise;
    }

    /** Log of the best N at a budget. */
    public double logParamsAt(double budgetFlops) {
        return meanLogN + sizeAt(budgetFlops);
    }

    /** Standard deviation of {@link #logParamsAt}. */
    public double deviationAt(double budgetFlops) {
        double[] target = target(budgetFlops);
        return Math.sqrt(dot(target, times(target)));
    }

    /** The design with one run more. */
    public SurfaceDesign with(double params, double tokens) {
        double[] run = gradient(params, tokens);
        double[] open = times(run);
        double variance = noise * noise + dot(run, open);
        double[][] less = new double[UNKNOWNS][UNKNOWNS];
        for (int i = 0; i < UNKNOWNS; i++) {
            for (int j = 0; j < UNKNOWNS; j++) {
                less[i][j] = covariance[i][j] - open[i] * open[j] / variance;
            }
        }
        return new SurfaceDesign(surface, meanLogN, meanLogD, flopsPerPair, noise, less);
    }

    /** Of the relative loss with respect to E, log A, log B, alpha and beta. */
    private double[] gradient(double params, double tokens) {
        double n = Math.log(params) - meanLogN;
        double d = Math.log(tokens) - meanLogD;
        double bySize = surface.a() * Math.exp(-surface.alpha() * n);
        double byTokens = surface.b() * Math.exp(-surface.beta() * d);
        double loss = surface.e() + bySize + byTokens;
        return new double[] {1 / loss, bySize / loss, byTokens / loss, -n * bySize / loss, -d * byTokens / loss};
    }

    /** The best log N about the centre: (log(alpha A / (beta B)) + beta K) / (alpha + beta), where n + d = K along the budget. */
    private double sizeAt(double budgetFlops) {
        double ratio = Math.log(surface.alpha() * surface.a() / (surface.beta() * surface.b()));
        return (ratio + surface.beta() * pairAt(budgetFlops)) / (surface.alpha() + surface.beta());
    }

    private double pairAt(double budgetFlops) {
        return Math.log(budgetFlops / flopsPerPair) - meanLogN - meanLogD;
    }

    private double[] target(double budgetFlops) {
        double n = sizeAt(budgetFlops);
        double d = pairAt(budgetFlops) - n;
        double sum = surface.alpha() + surface.beta();
        return new double[] {0, 1 / sum, -1 / sum, (1 / surface.alpha() - n) / sum, (d - 1 / surface.beta()) / sum};
    }

    private double[] times(double[] vector) {
        return Arrays.stream(covariance).mapToDouble(row -> dot(row, vector)).toArray();
    }

    private static double dot(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }
}

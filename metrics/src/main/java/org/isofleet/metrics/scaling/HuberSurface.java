package org.isofleet.metrics.scaling;

import org.isofleet.metrics.optimize.Differentiable;
import org.isofleet.metrics.optimize.Lbfgs;

/**
 * The surface by the sum of Huber losses of the log metric (Hoffmann et al. 2022, equation 3; summed, not averaged, as Besiroglu
 * et al. 2024 found necessary). E, A and B are exponentials, so E stays above zero, and the log of the surface is a log-sum-exp.
 * Starts are the solutions of variable projection and of a coarse grid of exponents.
 */
final class HuberSurface implements SurfaceMethod {
    private static final double DELTA = 1e-3;
    private static final double[] EXPONENTS = {0.1, 0.3, 0.5, 0.8, 1.2};
    private static final Lbfgs SEARCH = new Lbfgs(10, 2000, 1e-12, 1e-14);

    @Override
    public SurfaceEstimate fit(SurfacePoints points) {
        SurfaceEstimate best = refit(points, new VariableProjection().fit(points));
        for (double alpha : EXPONENTS) {
            for (double beta : EXPONENTS) {
                SurfaceEstimate start = new SurfaceEstimate(1, 1, 1, alpha, beta, 0);
                SurfaceEstimate found = refit(points, start);
                best = found.objective() < best.objective() ? found : best;
            }
        }
        return best;
    }

    @Override
    public SurfaceEstimate refit(SurfacePoints points, SurfaceEstimate start) {
        double floor = 1e-3 * java.util.Arrays.stream(points.value).min().orElseThrow();
        double[] x = {
            Math.log(Math.max(start.e(), floor)),
            Math.log(Math.max(start.a(), floor)),
            Math.log(Math.max(start.b(), floor)),
            start.alpha(),
            start.beta()
        };
        Lbfgs.Minimum minimum = SEARCH.minimise(objective(points), x);
        double[] end = minimum.x();
        return new SurfaceEstimate(
                Math.exp(end[0]), Math.exp(end[1]), Math.exp(end[2]), end[3], end[4], minimum.value() * DELTA * DELTA);
    }

    /** In units of delta squared, so that gradients are of order one. */
    static Differentiable objective(SurfacePoints points) {
        return (x, gradient) -> {
            java.util.Arrays.fill(gradient, 0);
            double sum = 0;
            for (int i = 0; i < points.count(); i++) {
                double e = Math.exp(x[0]);
                double a = Math.exp(x[1] - x[3] * points.logN[i]);
                double b = Math.exp(x[2] - x[4] * points.logD[i]);
                double total = e + a + b;
                double residual = (Math.log(total) - Math.log(points.value[i])) / DELTA;
                double pull = Math.max(-1, Math.min(1, residual));
                sum += Math.abs(residual) <= 1 ? residual * residual / 2 : Math.abs(residual) - 0.5;
                double factor = pull / (DELTA * total);
                gradient[0] += factor * e;
                gradient[1] += factor * a;
                gradient[2] += factor * b;
                gradient[3] -= factor * a * points.logN[i];
                gradient[4] -= factor * b * points.logD[i];
            }
            return sum;
        };
    }
}

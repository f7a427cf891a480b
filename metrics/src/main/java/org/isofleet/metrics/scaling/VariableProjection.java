package org.isofleet.metrics.scaling;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.hipparchus.analysis.MultivariateFunction;
import org.hipparchus.optim.ConvergenceChecker;
import org.hipparchus.optim.InitialGuess;
import org.hipparchus.optim.MaxEval;
import org.hipparchus.optim.PointValuePair;
import org.hipparchus.optim.SimpleValueChecker;
import org.hipparchus.optim.nonlinear.scalar.GoalType;
import org.hipparchus.optim.nonlinear.scalar.ObjectiveFunction;
import org.hipparchus.optim.nonlinear.scalar.noderiv.NelderMeadSimplex;
import org.hipparchus.optim.nonlinear.scalar.noderiv.SimplexOptimizer;

/**
 * The surface by variable projection (Golub and Pereyra 1973).
 *
 * <p>For given (alpha, beta) the surface is linear in E, A and B, so these are solved exactly and what remains is a search over
 * two exponents: a grid, even in logarithms, then Nelder-Mead from its best nodes, started again from where it ended until that
 * brings nothing. Errors are relative when the metric is a positive loss.
 */
final class VariableProjection implements SurfaceMethod {
    /** Exponents beyond these bounds are not searched; an estimate at a bound is not identified. */
    static final double LEAST_EXPONENT = 0.01;

    static final double LARGEST_EXPONENT = 4;

    private static final int NODES = 24;
    private static final int STARTS = 4;
    private static final int RESTARTS = 6;

    /** Rounding keeps some simplices from ever being as small as asked for; what they have found by then is as good. */
    private static final int MOST_CHECKS = 1500;

    @Override
    public SurfaceEstimate fit(SurfacePoints points) {
        Projection projection = new Projection(points);
        List<PointValuePair> nodes = new ArrayList<>();
        for (int i = 0; i < NODES; i++) {
            for (int j = 0; j < NODES; j++) {
                double[] place = {node(i), node(j)};
                nodes.add(new PointValuePair(place, projection.value(place)));
            }
        }
        nodes.sort(Comparator.comparingDouble(PointValuePair::getValue));
        PointValuePair best = nodes.get(0);
        for (PointValuePair start : nodes.subList(0, STARTS)) {
            PointValuePair found = descend(projection, start, 1e-15, RESTARTS);
            best = found.getValue() < best.getValue() ? found : best;
        }
        return projection.estimate(best.getPoint());
    }

    @Override
    public SurfaceEstimate refit(SurfacePoints points, SurfaceEstimate start) {
        Projection projection = new Projection(points);
        double[] place = {Math.log(start.alpha()), Math.log(start.beta())};
        PointValuePair best = new PointValuePair(place, projection.value(place));
        return projection.estimate(descend(projection, best, 1e-9, 1).getPoint());
    }

    private static double node(int i) {
        double low = Math.log(0.03);
        return low + (Math.log(3) - low) * i / (NODES - 1);
    }

    private static PointValuePair descend(Projection projection, PointValuePair start, double tolerance, int restarts) {
        PointValuePair best = start;
        double side = 0.1;
        for (int i = 0; i < restarts; i++) {
            PointValuePair found = new SimplexOptimizer(patient(tolerance))
                    .optimize(
                            new MaxEval(10 * MOST_CHECKS),
                            new ObjectiveFunction(projection),
                            GoalType.MINIMIZE,
                            new InitialGuess(best.getPoint()),
                            new NelderMeadSimplex(2, side));
            boolean better = found.getValue() < best.getValue() * (1 - 1e-9);
            best = found.getValue() < best.getValue() ? found : best;
            if (!better) {
                break;
            }
            side = side / 5;
        }
        return best;
    }

    private static ConvergenceChecker<PointValuePair> patient(double tolerance) {
        SimpleValueChecker small = new SimpleValueChecker(tolerance, 1e-32);
        AtomicInteger checks = new AtomicInteger();
        return (iteration, before, now) ->
                small.converged(iteration, before, now) || checks.incrementAndGet() > MOST_CHECKS;
    }

    /** The least squared error over E, A and B as a function of (log alpha, log beta). */
    private static final class Projection implements MultivariateFunction {
        private final SurfacePoints points;
        private final NonNegativeTriple triple;
        private final double[][] columns;
        private final double[] right;

        Projection(SurfacePoints points) {
            this.points = points;
            triple = new NonNegativeTriple(points.count());
            columns = new double[3][points.count()];
            right = new double[points.count()];
            for (int i = 0; i < right.length; i++) {
                columns[0][i] = points.weight[i];
                right[i] = points.weight[i] * points.value[i];
            }
        }

        @Override
        public double value(double[] logExponents) {
            double alpha = Math.exp(logExponents[0]);
            double beta = Math.exp(logExponents[1]);
            if (Math.min(alpha, beta) < LEAST_EXPONENT || Math.max(alpha, beta) > LARGEST_EXPONENT) {
                return Double.MAX_VALUE;
            }
            for (int i = 0; i < right.length; i++) {
                columns[1][i] = points.weight[i] * Math.exp(-alpha * points.logN[i]);
                columns[2][i] = points.weight[i] * Math.exp(-beta * points.logD[i]);
            }
            return triple.solve(columns, right, points.negated) / right.length;
        }

        SurfaceEstimate estimate(double[] logExponents) {
            double objective = value(logExponents);
            double[] eab = triple.solution();
            return new SurfaceEstimate(
                    eab[0], eab[1], eab[2], Math.exp(logExponents[0]), Math.exp(logExponents[1]), objective);
        }
    }
}

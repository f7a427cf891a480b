package org.isofleet.coordinator.plan;

import static org.isofleet.protocol.study.Requirement.require;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.isofleet.protocol.study.ModelSize;

/**
 * Makes a rule of a tuning's points: for each size, batch and beta2 the optimum in log rate; the beta2 whose lowest losses are
 * lowest on average; and by least squares over its optima log rate = log c + a log N + b log batch.
 *
 * @param optima all of them; those that the rule does not rest on say why
 * @param rule the rule
 * @param residual root mean square of the optima around the rule, as a factor of the rate (1.2: within about 20 %)
 */
public record TuningFit(List<TuningOptimum> optima, TuningRule rule, double residual) {
    /** One more than the rule has unknowns, so that its residual says something. */
    private static final int FEWEST_OPTIMA = 4;

    public TuningFit {
        optima = List.copyOf(optima);
    }

    /**
     * Fits the rule.
     *
     * @param source how the rule is cited
     * @throws org.isofleet.protocol.study.InvalidSpecException when too few optima lie inside the rates tried
     */
    public static TuningFit of(List<TuningPoint> points, String source) {
        record Curve(ModelSize size, int batch, double beta2) {}
        Map<Curve, List<TuningPoint>> curves = new LinkedHashMap<>();
        for (TuningPoint point : points) {
            curves.computeIfAbsent(new Curve(point.size(), point.batch(), point.beta2()), key -> new ArrayList<>())
                    .add(point);
        }
        double beta2 = bestBeta2(points);
        List<TuningOptimum> optima = new ArrayList<>();
        for (List<TuningPoint> curve : curves.values()) {
            TuningOptimum optimum = LogQuadratic.optimum(curve);
            boolean other = optimum.used() && optimum.beta2() != beta2;
            optima.add(other ? optimum.setAside("another beta2 is better on average") : optimum);
        }
        return fit(optima, beta2, source);
    }

    /** Mean over sizes and batches of the lowest loss over the rates, least over beta2. */
    private static double bestBeta2(List<TuningPoint> points) {
        Map<Double, Map<String, Double>> lowest = new TreeMap<>();
        for (TuningPoint point : points) {
            lowest.computeIfAbsent(point.beta2(), key -> new TreeMap<>())
                    .merge(point.size() + "/" + point.batch(), point.loss(), Math::min);
        }
        double best = Double.NaN;
        double least = Double.POSITIVE_INFINITY;
        for (Map.Entry<Double, Map<String, Double>> entry : lowest.entrySet()) {
            double mean = entry.getValue().values().stream()
                    .mapToDouble(loss -> loss)
                    .average()
                    .orElseThrow();
            if (mean < least) {
                least = mean;
                best = entry.getKey();
            }
        }
        require(Double.isFinite(best), "tuning: no beta2 has a finite loss everywhere; try lower learning rates");
        return best;
    }

    private static TuningFit fit(List<TuningOptimum> optima, double beta2, String source) {
        List<TuningOptimum> used = optima.stream().filter(TuningOptimum::used).toList();
        long sizes = used.stream().map(TuningOptimum::params).distinct().count();
        long batches = used.stream().map(TuningOptimum::batch).distinct().count();
        require(
                used.size() >= FEWEST_OPTIMA && sizes >= 2 && batches >= 2,
                "tuning: only %d optima at %d sizes and %d batches lie inside the rates tried; widen tune.learning-rates",
                used.size(),
                sizes,
                batches);
        double[] law = LeastSquares.solve(
                used.stream()
                        .map(o -> new double[] {1, StrictMath.log(o.params()), StrictMath.log(o.batch())})
                        .toArray(double[][]::new),
                used.stream().mapToDouble(o -> StrictMath.log(o.learningRate())).toArray());
        TuningRule rule = new TuningRule(
                Rounding.digits(StrictMath.exp(law[0]), 6),
                Rounding.digits(law[1], 6),
                Rounding.digits(law[2], 6),
                beta2,
                source);
        return new TuningFit(optima, rule, residual(used, law));
    }

    private static double residual(List<TuningOptimum> used, double[] law) {
        double squares = 0;
        for (TuningOptimum o : used) {
            double expected = law[0] + law[1] * StrictMath.log(o.params()) + law[2] * StrictMath.log(o.batch());
            squares += StrictMath.pow(StrictMath.log(o.learningRate()) - expected, 2);
        }
        return Rounding.digits(StrictMath.exp(StrictMath.sqrt(squares / used.size())), 4);
    }
}

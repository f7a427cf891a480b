package org.isofleet.metrics.report;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.isofleet.metrics.live.Notation;
import org.isofleet.metrics.scaling.Observation;
import org.isofleet.metrics.scaling.ScalingFit;
import org.isofleet.metrics.scaling.ScalingFit.Optimum;
import org.isofleet.metrics.scaling.ScalingFit.Parametric;

/** The metric over N, one curve a budget: the fitted surface, or straight between the points where there is none. */
final class ProfilePlot {
    private static final int STEPS = 60;

    private final FitPlot.Fitted fitted;
    private final Map<Double, List<Observation>> budgets;

    ProfilePlot(FitPlot.Fitted fitted) {
        this.fitted = fitted;
        budgets = fitted.points().stream()
                .sorted(Comparator.comparingDouble(Observation::params))
                .collect(Collectors.groupingBy(Observation::budgetFlops, TreeMap::new, Collectors.toList()));
    }

    void draw(Canvas canvas, PlotBox box) {
        double[] sizes = fitted.points().stream()
                .mapToDouble(Observation::params)
                .sorted()
                .toArray();
        double[] values = fitted.points().stream()
                .mapToDouble(Observation::metric)
                .sorted()
                .toArray();
        Scale x = box.x(true, sizes[0], sizes[sizes.length - 1]);
        Scale y = box.y(false, values[0], values[values.length - 1]);
        box.axes(canvas, x, y, title(), "N", Notation::count, ProfilePlot::digits);
        int index = 0;
        for (Map.Entry<Double, List<Observation>> budget : budgets.entrySet()) {
            String color = FitPlot.color(index++, budgets.size());
            canvas.line(onCanvas(curve(budget.getKey(), budget.getValue(), y), x, y), color, 1.2);
            budget.getValue().forEach(point -> canvas.dot(x.at(point.params()), y.at(point.metric()), 3, color, false));
        }
        for (Optimum optimum : fitted.fit().optima()) {
            if (x.holds(optimum.params()) && y.holds(optimum.metric())) {
                canvas.dot(x.at(optimum.params()), y.at(optimum.metric()), 5.5, FitPlot.INK, true);
            }
        }
    }

    /** Four digits: the values of a profile often differ in the third. */
    private static String digits(double value) {
        return new BigDecimal(value)
                .round(new MathContext(4))
                .stripTrailingZeros()
                .toPlainString();
    }

    private String title() {
        ScalingFit fit = fitted.fit();
        String group = fit.group().entrySet().stream()
                .map(entry -> entry.getKey() + "=" + entry.getValue())
                .collect(Collectors.joining(" "));
        String all = fitted.metric() + (group.isEmpty() ? "" : ", " + group);
        return all.length() <= 76 ? all : all.substring(0, 75) + "…";
    }

    private List<double[]> curve(double budget, List<Observation> points, Scale y) {
        Parametric surface = fitted.fit().parametric();
        if (surface == null) {
            return points.stream()
                    .map(p -> new double[] {p.params(), p.metric()})
                    .toList();
        }
        double first = points.get(0).params();
        double last = points.get(points.size() - 1).params();
        // Params times tokens is the same all along a budget, whatever the count of FLOPs behind it.
        double product = points.stream()
                .mapToDouble(p -> p.params() * p.tokens())
                .average()
                .orElse(budget / 6);
        List<double[]> curve = new ArrayList<>();
        for (int i = 0; i <= STEPS; i++) {
            double n = first * Math.pow(last / first, (double) i / STEPS);
            double metric = surface.e()
                    + surface.a() * Math.pow(n, -surface.alpha())
                    + surface.b() * Math.pow(product / n, -surface.beta());
            if (y.holds(metric)) {
                curve.add(new double[] {n, metric});
            }
        }
        return curve;
    }

    private static List<double[]> onCanvas(List<double[]> points, Scale x, Scale y) {
        return points.stream().map(p -> new double[] {x.at(p[0]), y.at(p[1])}).toList();
    }
}

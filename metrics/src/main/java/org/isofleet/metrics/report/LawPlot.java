package org.isofleet.metrics.report;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.DoubleStream;
import org.isofleet.metrics.live.Notation;
import org.isofleet.metrics.report.Canvas.Align;
import org.isofleet.metrics.scaling.Interval;
import org.isofleet.metrics.scaling.ScalingFit;
import org.isofleet.metrics.scaling.ScalingFit.Optimum;
import org.jspecify.annotations.Nullable;

/** N of the optimum over compute: optima, the law through them with its interval, and what it says further out. */
final class LawPlot {
    private static final String LAW = "#2b5ba8";

    private final ScalingFit fit;
    private final List<Place> law = new ArrayList<>();

    LawPlot(ScalingFit fit) {
        this.fit = fit;
        fit.optima().stream()
                .sorted(Comparator.comparingDouble(Optimum::budgetFlops))
                .forEach(optimum -> add(optimum.budgetFlops(), optimum.paramsByLaw()));
        ScalingFit.Extrapolation far = fit.extrapolated();
        if (far != null) {
            add(far.budgetFlops(), far.params());
        }
    }

    private record Place(double budget, Interval params) {}

    private void add(double budget, @Nullable Interval params) {
        if (params != null) {
            law.add(new Place(budget, params));
        }
    }

    void draw(Canvas canvas, PlotBox box) {
        if (law.isEmpty()) {
            canvas.text(
                    box.left() + 12,
                    box.top() + 20,
                    "no law: " + shortened(String.valueOf(fit.reason())),
                    Align.START,
                    true);
            return;
        }
        double[] sizes = DoubleStream.concat(
                        law.stream()
                                .flatMapToDouble(
                                        p -> DoubleStream.of(p.params.low(), p.params.high(), p.params.value())),
                        used().stream().mapToDouble(Optimum::params))
                .filter(size -> size > 0)
                .sorted()
                .toArray();
        double[] budgets = law.stream().mapToDouble(Place::budget).sorted().toArray();
        Scale x = box.x(true, budgets[0], budgets[budgets.length - 1]);
        Scale y = box.y(true, sizes[0], sizes[sizes.length - 1]);
        box.axes(canvas, x, y, title(), "C, FLOPs", Notation::flops, Notation::count);
        band(canvas, x, y);
        canvas.line(
                law.stream()
                        .map(p -> new double[] {x.at(p.budget), y.at(p.params.value())})
                        .toList(),
                LAW,
                1.6);
        used().forEach(o -> canvas.dot(x.at(o.budgetFlops()), y.at(o.params()), 4, FitPlot.INK, true));
        if (fit.extrapolated() != null) {
            Place far = law.get(law.size() - 1);
            canvas.dot(x.at(far.budget), y.at(far.params.value()), 4.5, LAW, false);
        }
    }

    private void band(Canvas canvas, Scale x, Scale y) {
        List<double[]> corners = new ArrayList<>();
        law.forEach(p -> corners.add(new double[] {x.at(p.budget), y.at(p.params.high())}));
        List<Place> back = new ArrayList<>(law);
        Collections.reverse(back);
        back.forEach(p -> corners.add(new double[] {x.at(p.budget), y.at(p.params.low())}));
        canvas.area(corners, LAW);
    }

    private List<Optimum> used() {
        return fit.optima().stream().filter(Optimum::used).toList();
    }

    private String title() {
        Interval a = fit.nExponent();
        if (a == null) {
            return fit.method();
        }
        String law = String.format(Locale.ROOT, "%s: N ∝ C^%.3f", fit.method(), a.value());
        return a.level() == 0 ? law : law + String.format(Locale.ROOT, " [%.3f, %.3f]", a.low(), a.high());
    }

    private static String shortened(String reason) {
        return reason.length() <= 52 ? reason : reason.substring(0, 51) + "…";
    }
}

package org.isofleet.metrics.report;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.DoubleStream;
import org.isofleet.metrics.live.IsoflopProfiles;
import org.isofleet.metrics.live.IsoflopProfiles.Point;
import org.isofleet.metrics.live.IsoflopProfiles.Profile;
import org.isofleet.metrics.live.Narrative;
import org.isofleet.metrics.live.Notation;
import org.isofleet.metrics.live.StudyView;
import org.isofleet.metrics.scaling.Interval;
import org.isofleet.metrics.scaling.ScalingFit;
import org.isofleet.metrics.scaling.ScalingFit.Optimum;

/** The IsoFLOP profiles of one metric at one resolution, and what became of every optimum. */
final class ProfileSection {
    private final Metric metric;
    private final IsoflopProfiles profiles;
    private final StudyView view;

    ProfileSection(StudyView view, Metric metric, int resolution) {
        this.view = view;
        this.metric = metric;
        profiles = IsoflopProfiles.of(view, metric.key, resolution);
    }

    boolean empty() {
        return profiles.profiles().stream().allMatch(profile -> profile.points().isEmpty());
    }

    void write(Html html) {
        String description = metric.title + " over model size, one curve a budget";
        html.raw("<figure>")
                .raw(chart(760, 430).svg("wide", description))
                .raw(chart(360, 340).svg("narrow", description));
        html.raw("<figcaption>")
                .text("Filled points are fitted, hollow ones are not (see the runs table for why). " + drawn())
                .raw("</figcaption></figure>\n");
        refusedOptima(html);
        labels(html);
    }

    /** What is drawn through the points, by which fit. */
    private String drawn() {
        ScalingFit fit = profiles.fit().orElse(null);
        boolean marked = profiles.profiles().stream()
                .anyMatch(profile ->
                        profile.optimum() != null && profile.optimum().used());
        if (fit == null) {
            return "No fit yet.";
        }
        if (!fit.usable()) {
            return "No fit by " + fit.method() + ", see below"
                    + (marked ? "; ◆ is the optimum that it found at a budget all the same." : ".");
        }
        return (fit.parametric() == null
                        ? "No curves: " + fit.method() + " looks for the optimum of each budget alone"
                        : "Curves are the fit by " + fit.method())
                + "; ◆ is its optimum at a budget, the bar through it the interval of the law for N.";
    }

    private Chart chart(int width, int height) {
        List<Point> points =
                profiles.profiles().stream().flatMap(p -> p.points().stream()).toList();
        double[] sizes = points.stream().mapToDouble(Point::params).sorted().toArray();
        References references = References.of(view, metric, profiles.resolution());
        double[] values = DoubleStream.concat(points.stream().mapToDouble(Point::value), references.shown())
                .sorted()
                .toArray();
        double low = values[0];
        double high = values[values.length - 1];
        Chart chart = Chart.of(
                width, height, true, new double[] {sizes[0], sizes[sizes.length - 1]}, false, new double[] {low, high});
        chart.axes(
                metric.title + ", " + measured() + ", " + profiles.resolution() + "×" + profiles.resolution(),
                "N, weights in matrix products",
                Notation::brief,
                metric::tick);
        for (int b = 0; b < profiles.profiles().size(); b++) {
            draw(chart, profiles.profiles().get(b), "var(--b" + b % 8 + ")");
        }
        profiles.profiles().forEach(profile -> minimum(chart, profile));
        references.draw(chart);
        return chart;
    }

    /** The unit, with what the protocol says of it. */
    private String measured() {
        return profiles.profiles().stream()
                .flatMap(profile -> profile.points().stream())
                .findFirst()
                .map(point -> MeasuredAs.unit(metric, point.run()))
                .orElse(metric.unit);
    }

    private void draw(Chart chart, Profile profile, String color) {
        List<double[]> curve = new ArrayList<>();
        for (int i = 0; i <= 100; i++) {
            double params = chart.x.low() * Math.pow(chart.x.high() / chart.x.low(), i / 100.0);
            profile.curve(params).ifPresent(value -> curve.add(new double[] {params, value}));
        }
        chart.line(curve, "class=\"curve\" stroke=\"" + color + "\"");
        for (Point point : profile.points()) {
            String label = point.run().planned().label();
            chart.dot(
                    point.params(),
                    point.value(),
                    !point.fitted(),
                    color,
                    Narrative.name(point.run()) + ": " + metric.show(point.value())
                            + (label == null ? "" : ", " + label));
        }
        if (!profile.points().isEmpty()) {
            Point last = profile.points().get(profile.points().size() - 1);
            chart.label(last.params(), last.value(), Notation.flops(profile.budgetFlops()), color);
        }
    }

    private void minimum(Chart chart, Profile profile) {
        Optimum optimum = profile.optimum();
        if (optimum == null || !optimum.used() || !chart.x.holds(optimum.params())) {
            return;
        }
        Interval interval = optimum.paramsByLaw();
        String spread = "";
        if (interval != null && interval.level() > 0) {
            chart.interval(interval.low(), interval.high(), optimum.metric());
            spread = " [" + Notation.count(interval.low()) + ", " + Notation.count(interval.high()) + "]";
        }
        if (chart.y.holds(optimum.metric())) {
            chart.mark(
                    optimum.params(),
                    optimum.metric(),
                    0,
                    "class=\"minimum\"",
                    "optimum at " + Notation.flops(optimum.budgetFlops()) + ": N = "
                            + Notation.count(optimum.params()) + spread + ", D = " + Notation.count(optimum.tokens())
                            + " tokens, " + metric.show(optimum.metric()));
        }
    }

    private void refusedOptima(Html html) {
        for (ScalingFit fit : profiles.fits()) {
            List<Optimum> refused =
                    fit.optima().stream().filter(optimum -> !optimum.used()).toList();
            if (!refused.isEmpty()) {
                html.raw("<p class=\"soft\">Optima that ").text(fit.method()).raw(" does not use: ");
                List<String> reasons = refused.stream()
                        .map(o -> Notation.flops(o.budgetFlops()) + " (" + o.reason() + ")")
                        .toList();
                html.text(String.join("; ", reasons)).raw(".</p>\n");
            }
        }
    }

    private void labels(Html html) {
        List<String> remarks = profiles.fits().stream()
                .flatMap(fit -> fit.labels().stream()
                        .map(label -> nameOf(label.row()) + ": " + label.label() + " (" + fit.method() + ")"))
                .distinct()
                .toList();
        if (!remarks.isEmpty()) {
            html.raw("<p class=\"soft\">Remarks on points: ")
                    .text(String.join("; ", remarks))
                    .raw(".</p>\n");
        }
    }

    private String nameOf(String row) {
        return view.runs().stream()
                .filter(run -> run.id().value().equals(row))
                .map(Narrative::name)
                .findFirst()
                .orElse(row);
    }
}

package org.isofleet.metrics.console;

import dev.tamboui.style.Color;
import dev.tamboui.style.Style;
import dev.tamboui.text.Span;
import dev.tamboui.widgets.canvas.Context;
import dev.tamboui.widgets.canvas.shapes.Line;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;
import org.isofleet.metrics.live.IsoflopProfiles;
import org.isofleet.metrics.live.IsoflopProfiles.Point;
import org.isofleet.metrics.live.IsoflopProfiles.Profile;
import org.isofleet.metrics.live.Narrative;
import org.isofleet.metrics.live.Notation;
import org.isofleet.metrics.live.StudyView;
import org.isofleet.metrics.scaling.Interval;
import org.isofleet.metrics.scaling.ScalingFit;
import org.isofleet.metrics.scaling.ScalingFit.Optimum;

/**
 * Loss over model size, one curve a budget: measured runs as points (hollow when no fit rests on them), the fitted curve in
 * braille, and the fitted minimum with the interval of N, all as of the latest fit.
 */
final class ProfilePanel {
    private ProfilePanel() {}

    static void draw(Pane pane, StudyView view, int resolution) {
        IsoflopProfiles profiles = IsoflopProfiles.of(view, "loss", resolution);
        List<Point> points =
                profiles.profiles().stream().flatMap(p -> p.points().stream()).toList();
        law(pane, view, profiles);
        legend(pane, profiles);
        Pane chart = pane.part(0, 1, pane.width(), pane.height() - 2);
        if (points.isEmpty()) {
            chart.textAmid(0, chart.width(), chart.height() / 2, "no run is evaluated yet", Palette.faint());
            return;
        }
        List<Double> sizes = view.runs().stream()
                .filter(run -> run.resolution() == resolution)
                .map(run -> run.params())
                .distinct()
                .sorted()
                .toList();
        double left = Math.log(sizes.get(0)) - 0.12;
        double right = Math.log(sizes.get(sizes.size() - 1)) + 0.12;
        Axes axes = Axes.around(
                left,
                right,
                lowest(profiles),
                points.stream().mapToDouble(Point::value).max().orElse(1));
        List<Axes.Tick> ticks = sizes.stream()
                .map(n -> new Axes.Tick(Math.log(n), Notation.brief(n)))
                .toList();
        axes.draw(chart, ticks, value -> Notation.fixed(value, 2), context -> paint(context, profiles, axes));
    }

    /** The lowest point or fitted minimum. */
    private static double lowest(IsoflopProfiles profiles) {
        return profiles.profiles().stream()
                .flatMapToDouble(profile -> DoubleStream.concat(
                        profile.points().stream().mapToDouble(Point::value),
                        Stream.ofNullable(profile.optimum())
                                .filter(Optimum::used)
                                .mapToDouble(Optimum::metric)))
                .min()
                .orElse(0);
    }

    private static void paint(Context context, IsoflopProfiles profiles, Axes axes) {
        for (int b = 0; b < profiles.profiles().size(); b++) {
            curve(context, profiles.profiles().get(b), axes, Palette.budget(b));
            context.layer();
        }
        for (int b = 0; b < profiles.profiles().size(); b++) {
            Style style = Palette.fg(Palette.budget(b)).bold();
            for (Point point : profiles.profiles().get(b).points()) {
                context.print(Math.log(point.params()), point.value(), Span.styled(point.fitted() ? "●" : "○", style));
            }
        }
        profiles.profiles().forEach(profile -> minimum(context, profile, axes));
    }

    private static void curve(Context context, Profile profile, Axes axes, Color color) {
        int pieces = 120;
        double step = (axes.right() - axes.left()) / pieces;
        for (int i = 0; i < pieces; i++) {
            double from = axes.left() + i * step;
            OptionalDouble a = profile.curve(Math.exp(from));
            OptionalDouble b = profile.curve(Math.exp(from + step));
            if (a.isPresent() && within(a.getAsDouble(), axes) && within(b.orElse(Double.NaN), axes)) {
                context.draw(Line.of(from, a.getAsDouble(), from + step, b.orElseThrow(), color));
            }
        }
    }

    private static boolean within(double value, Axes axes) {
        return value >= axes.low() && value <= axes.high();
    }

    private static void minimum(Context context, Profile profile, Axes axes) {
        Optimum optimum = profile.optimum();
        if (optimum == null || !optimum.used() || !within(optimum.metric(), axes)) {
            return;
        }
        Interval interval = optimum.paramsByLaw();
        if (interval != null && interval.level() > 0) {
            double low = Math.max(axes.left(), Math.log(interval.low()));
            double high = Math.min(axes.right(), Math.log(interval.high()));
            context.print(low, optimum.metric(), Span.styled("├", Palette.strong()));
            context.print(high, optimum.metric(), Span.styled("┤", Palette.strong()));
        }
        context.print(Math.log(optimum.params()), optimum.metric(), Span.styled("◆", Palette.strong()));
    }

    private static void legend(Pane pane, IsoflopProfiles profiles) {
        List<String> names = new ArrayList<>();
        profiles.profiles().forEach(profile -> names.add(Notation.flops(profile.budgetFlops())));
        int x = 1;
        for (int b = 0; b < names.size(); b++) {
            x = pane.text(x, 0, "● ", Palette.fg(Palette.budget(b)).bold());
            x = pane.text(x, 0, names.get(b), Palette.faint()) + 2;
        }
        if (x + 12 < pane.width()) {
            x = pane.text(x, 0, "◆ ", Palette.strong());
            pane.text(x, 0, "minimum", Palette.faint());
        }
    }

    private static void law(Pane pane, StudyView view, IsoflopProfiles profiles) {
        int y = pane.height() - 1;
        if (profiles.fit().isEmpty()) {
            pane.text(1, y, "no fit yet", Palette.faint());
            return;
        }
        ScalingFit fit = profiles.fit().get();
        long planned = view.runs().stream()
                .filter(run -> run.planned().fitted() && run.resolution() == profiles.resolution())
                .count();
        String from = fit.points() + " of " + planned + " runs";
        if (fit.usable()) {
            int x = pane.text(1, y, Narrative.law(fit), Palette.strong());
            Interval tokens = fit.dExponent();
            String more = tokens == null ? "" : " · D ∝ C^" + Notation.fixed(tokens.value(), 2);
            if (x + more.length() + from.length() + 2 < pane.width()) {
                pane.text(x, y, more, Palette.strong());
            }
            if (x + from.length() + 2 < pane.width()) {
                pane.textBefore(pane.width() - 1, y, from, Palette.faint());
            }
        } else {
            pane.text(1, y, "fit refused: " + fit.reason(), Palette.faint());
        }
    }
}

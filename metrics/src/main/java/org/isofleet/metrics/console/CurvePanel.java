package org.isofleet.metrics.console;

import dev.tamboui.style.Color;
import dev.tamboui.widgets.canvas.Context;
import dev.tamboui.widgets.canvas.shapes.Line;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.isofleet.metrics.live.LiveEvent.RunState;
import org.isofleet.metrics.live.LossCurve;
import org.isofleet.metrics.live.Narrative;
import org.isofleet.metrics.live.Notation;
import org.isofleet.metrics.live.RunView;
import org.isofleet.metrics.live.StudyView;

/** Training loss over the share of steps: the runs that train now in their budget's colour, earlier ones faintly behind. */
final class CurvePanel {
    /** The first steps fall from so high that they would press all else to the bottom. */
    private static final double HIDDEN_SHARE = 0.04;

    private static final int BACKGROUND_CURVES = 3;
    private static final Color BEHIND = Color.indexed(240);

    private CurvePanel() {}

    static String title(StudyView view) {
        List<RunView> active = active(view);
        if (active.isEmpty()) {
            return "Training loss";
        }
        RunView run = active.get(0);
        return Narrative.name(run) + (active.size() > 1 ? " and " + (active.size() - 1) + " more" : "");
    }

    static void draw(Pane pane, StudyView view) {
        List<RunView> active = active(view);
        if (active.isEmpty()) {
            pane.textAmid(0, pane.width(), pane.height() / 2, "no run trains now", Palette.faint());
            return;
        }
        List<Double> budgets = GridPanel.budgets(view);
        List<RunView> behind = view.runs().stream()
                .filter(run ->
                        !active.contains(run) && run.trace().curve().points().size() > 2)
                .sorted(Comparator.comparing((RunView run) -> run.trace().since())
                        .reversed())
                .limit(BACKGROUND_CURVES)
                .toList();
        double[] losses = active.stream()
                .flatMap(run -> smoothed(run.trace().curve().points()).stream()
                        .filter(p -> p.step() > HIDDEN_SHARE * run.spec().steps()
                                || run.trace().curve().points().size() < 8))
                .mapToDouble(LossCurve.Point::loss)
                .sorted()
                .toArray();
        double low = losses.length == 0 ? 0 : losses[0];
        double high = losses.length == 0 ? 1 : losses[losses.length - 1];
        for (RunView run : behind) {
            List<LossCurve.Point> points = run.trace().curve().points();
            low = Math.min(low, points.get(points.size() - 1).loss());
        }
        RunView run = active.get(0);
        String right = Notation.count((double) run.spec().steps());
        List<Axes.Tick> ticks =
                List.of(new Axes.Tick(0, "0"), new Axes.Tick(0.5, status(run)), new Axes.Tick(1, right));
        Axes axes = Axes.around(0, 1, low, high);
        axes.draw(pane, ticks, value -> Notation.fixed(value, 2), context -> {
            behind.forEach(old -> curve(context, old, axes, BEHIND));
            context.layer();
            active.forEach(now -> curve(context, now, axes, Palette.budget(budgets.indexOf(now.budgetFlops()))));
        });
    }

    private static String status(RunView run) {
        double rate = run.trace().tokensPerSecond();
        return "step " + run.trace().step() + (rate > 0 ? ", " + Notation.count(rate) + " tok/s" : "");
    }

    private static List<RunView> active(StudyView view) {
        List<RunView> training = view.runs().stream()
                .filter(run -> run.state() == RunState.TRAINING
                        && !run.trace().curve().points().isEmpty())
                .toList();
        if (!training.isEmpty()) {
            return training;
        }
        return view.runs().stream()
                .filter(run -> run.state() == RunState.EVALUATING || run.state() == RunState.DONE)
                .filter(run -> !run.trace().curve().points().isEmpty())
                .max(Comparator.comparing(run -> run.trace().since()))
                .stream()
                .toList();
    }

    private static void curve(Context context, RunView run, Axes axes, Color color) {
        List<LossCurve.Point> points = smoothed(run.trace().curve().points());
        double steps = run.spec().steps();
        for (int i = 1; i < points.size(); i++) {
            double from = Math.min(axes.high(), points.get(i - 1).loss());
            double to = Math.min(axes.high(), points.get(i).loss());
            boolean above = from >= axes.high() && to >= axes.high();
            if (!above && Math.min(from, to) >= axes.low()) {
                context.draw(Line.of(
                        points.get(i - 1).step() / steps, from, points.get(i).step() / steps, to, color));
            }
        }
    }

    /** Means over a window that grows along the curve, so that the steep start stays and the noise of the tail goes. */
    private static List<LossCurve.Point> smoothed(List<LossCurve.Point> points) {
        List<LossCurve.Point> smooth = new ArrayList<>();
        for (int i = 0; i < points.size(); i++) {
            int half = Math.min(Math.min(i / 4, points.size() - 1 - i), 6);
            double mean = points.subList(i - half, i + half + 1).stream()
                    .mapToDouble(LossCurve.Point::loss)
                    .average()
                    .orElseThrow();
            smooth.add(new LossCurve.Point(
                    points.get(i).step(), mean, points.get(i).steps()));
        }
        return smooth;
    }
}

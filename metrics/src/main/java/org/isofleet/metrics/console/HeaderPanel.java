package org.isofleet.metrics.console;

import dev.tamboui.style.Color;
import dev.tamboui.style.Style;
import java.time.Instant;
import java.util.Locale;
import java.util.stream.Collectors;
import org.isofleet.metrics.live.IsoflopProfiles;
import org.isofleet.metrics.live.Notation;
import org.isofleet.metrics.live.RunView;
import org.isofleet.metrics.live.StudyView;

/** Two lines: what study this is and how long it takes, then how much of its FLOPs is trained. */
final class HeaderPanel {
    private static final String EIGHTHS = " ▏▎▍▌▋▊▉";

    private HeaderPanel() {}

    static void draw(Pane pane, StudyView view, Instant now) {
        int at = pane.text(
                0,
                0,
                " isofleet ",
                Style.create().fg(Palette.INK).bg(Palette.ACCENT).bold());
        at = pane.text(at + 1, 0, view.plan().map(plan -> plan.name()).orElse("waiting for a study"), Palette.strong());
        String sides = IsoflopProfiles.resolutions(view).stream()
                .map(side -> side + "×" + side)
                .collect(Collectors.joining(", "));
        if (pane.width() >= 100 && !sides.isEmpty()) {
            var shape = view.runs().get(0).spec().shape();
            String channels = shape.channels() == 3 ? "RGB" : "grey";
            pane.text(at + 2, 0, sides + " " + channels + " · " + shape.levels() + " levels", Palette.faint());
        }
        String clock = view.finished() != null
                ? "finished in " + Notation.time(view.elapsed(now))
                : Notation.time(view.elapsed(now)) + " elapsed"
                        + view.eta(now)
                                .map(eta -> " · " + Notation.time(eta) + " left")
                                .orElse("");
        pane.textBefore(pane.width() - 1, 0, clock, Palette.text());
        bar(pane, view);
    }

    private static void bar(Pane pane, StudyView view) {
        double all =
                view.runs().stream().mapToDouble(run -> run.spec().exactFlops()).sum();
        double done = view.runs().stream()
                .mapToDouble(run -> run.ended()
                        ? run.spec().exactFlops()
                        : run.trainedShare() * run.spec().exactFlops())
                .sum();
        long ended = view.runs().stream().filter(RunView::ended).count();
        String text = String.format(
                Locale.ROOT, " %d of %d runs · %3.0f %%", ended, view.runs().size(), all > 0 ? 100 * done / all : 0);
        int width = Math.max(0, pane.width() - text.length() - 2);
        double filled = all > 0 ? done / all * width : 0;
        Color track = Color.indexed(236);
        for (int x = 0; x < width; x++) {
            int eighths = (int) Math.max(0, Math.min(8, Math.round((filled - x) * 8)));
            String block = eighths == 8 ? "█" : EIGHTHS.substring(eighths, eighths + 1);
            pane.text(1 + x, 1, block, Style.create().fg(Palette.ACCENT).bg(track));
        }
        pane.text(1 + width, 1, text, Palette.text());
    }
}

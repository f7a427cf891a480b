package org.isofleet.metrics.console;

import dev.tamboui.buffer.Buffer;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import org.isofleet.metrics.live.IsoflopProfiles;
import org.isofleet.metrics.live.LiveEvent.RunState;
import org.isofleet.metrics.live.RunView;
import org.isofleet.metrics.live.StudyView;

/**
 * The whole picture: header, grid beside IsoFLOP profiles, loss curve beside workers and log. Made for 80x24 and everything
 * larger; below that a line of progress is all.
 */
final class Screen {
    private static final int LEAST_WIDTH = 64;
    private static final int LEAST_HEIGHT = 18;
    private static final int HEADER = 2;

    private Screen() {}

    static void draw(Buffer buffer, StudyView view, Instant now, ZoneId zone) {
        Pane all = new Pane(buffer, buffer.area());
        HeaderPanel.draw(all.part(0, 0, all.width(), HEADER), view, now);
        if (all.width() < LEAST_WIDTH || all.height() < LEAST_HEIGHT) {
            all.text(1, HEADER, PlainConsole.progress(view), Palette.text());
            return;
        }
        int body = all.height() - HEADER;
        int upper = Math.max(11, Math.min((int) Math.round(0.58 * body), 30));
        int left = Math.max(GridPanel.comfortableWidth(view) + 2, Math.min(66, all.width() * 46 / 100));
        left = Math.min(left, all.width() * 56 / 100);
        int right = all.width() - left;
        int lower = body - upper;
        GridPanel.draw(all.part(0, HEADER, left, upper).framed("Grid · loss, top-1, FD"), view);
        int resolution = resolutionToShow(view);
        ProfilePanel.draw(
                all.part(left, HEADER, right, upper).framed("IsoFLOP profiles" + side(view, resolution)),
                view,
                resolution);
        CurvePanel.draw(all.part(0, HEADER + upper, left, lower).framed("Loss · " + CurvePanel.title(view)), view);
        int crew = Math.min(Math.max(3, view.workers().size() + 2), Math.max(4, lower / 2));
        CrewPanel.draw(all.part(left, HEADER + upper, right, crew).framed("Workers"), view);
        LogPanel.draw(all.part(left, HEADER + upper + crew, right, lower - crew).framed("Log"), view, zone);
    }

    private static String side(StudyView view, int resolution) {
        return IsoflopProfiles.resolutions(view).size() > 1 ? " · " + resolution + "×" + resolution : "";
    }

    /** The resolution that trains now, else the last one that has results. */
    private static int resolutionToShow(StudyView view) {
        List<RunView> runs = view.runs();
        return runs.stream()
                .filter(run -> run.state() == RunState.TRAINING || run.state() == RunState.EVALUATING)
                .findFirst()
                .or(() -> runs.stream().filter(run -> run.loss().isPresent()).reduce((a, b) -> b))
                .or(() -> runs.stream().findFirst())
                .map(RunView::resolution)
                .orElse(0);
    }
}

package org.isofleet.metrics.console;

import dev.tamboui.style.Color;
import org.isofleet.metrics.live.Narrative;
import org.isofleet.metrics.live.Notation;
import org.isofleet.metrics.live.StudyView;
import org.isofleet.metrics.live.WorkerView;
import org.isofleet.protocol.study.RunId;

/** The workers: a line each, what it does, how fast, in how much memory, or why it is gone. */
final class CrewPanel {
    /** From this score on it is shown; below, it is the noise of a machine that others use too. */
    private static final double SLOW = 1.5;

    private CrewPanel() {}

    static void draw(Pane pane, StudyView view) {
        int y = 0;
        for (WorkerView worker : view.workersInOrder()) {
            if (y == pane.height() - 1 && view.workers().size() > pane.height()) {
                pane.text(1, y, "and " + (view.workers().size() - y) + " more", Palette.faint());
                return;
            }
            drawLine(pane, view, worker, y++);
        }
        if (view.workers().isEmpty()) {
            pane.text(1, 0, "waiting for workers", Palette.faint());
        }
    }

    private static void drawLine(Pane pane, StudyView view, WorkerView worker, int y) {
        var seen = worker.seen();
        boolean busy = worker.alive() && seen.run() != null;
        Color color = !worker.alive() ? Color.indexed(203) : busy ? Color.indexed(114) : Palette.FAINT;
        int x = pane.text(1, y, worker.alive() ? "● " : "✕ ", Palette.fg(color));
        x = pane.text(x, y, seen.workerId(), Palette.strong()) + 1;
        String lost = worker.lost();
        if (lost != null) {
            pane.text(x, y, "lost: " + lost, Palette.fg(color));
            return;
        }
        RunId run = seen.run();
        String doing = seen.doing() + (run == null ? "" : " " + Narrative.name(view, run));
        x = pane.text(x, y, doing, Palette.text()) + 1;
        String slow = seen.stragglerScore() < SLOW ? "" : Notation.fixed(seen.stragglerScore(), 1) + "x slower  ";
        String rate = seen.tokensPerSecond() > 0 ? Notation.count(seen.tokensPerSecond()) + " tok/s" : "";
        String tail = slow + rate + (pane.width() > 55 ? "  " + Notation.bytes(seen.residentBytes()) : "");
        if (x + tail.length() < pane.width()) {
            pane.textBefore(pane.width() - 1, y, tail, Palette.faint());
        }
    }
}

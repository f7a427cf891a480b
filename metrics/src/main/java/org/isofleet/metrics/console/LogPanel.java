package org.isofleet.metrics.console;

import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import org.isofleet.metrics.live.LogLine;
import org.isofleet.metrics.live.StudyView;

/** The last lines of the study's log. */
final class LogPanel {
    private static final DateTimeFormatter CLOCK = DateTimeFormatter.ofPattern("HH:mm:ss");

    private LogPanel() {}

    static void draw(Pane pane, StudyView view, ZoneId zone) {
        List<LogLine> lines = view.log();
        int first = Math.max(0, lines.size() - pane.height());
        for (int i = first; i < lines.size(); i++) {
            LogLine line = lines.get(i);
            int x = pane.text(1, i - first, CLOCK.format(line.at().atZone(zone)) + " ", Palette.faint());
            pane.text(x, i - first, line.text(), Palette.fg(Palette.level(line.level())));
        }
    }
}

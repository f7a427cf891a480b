package org.isofleet.metrics.console;

import dev.tamboui.style.Color;
import dev.tamboui.style.Style;
import org.isofleet.metrics.live.LiveEvent.RunState;
import org.isofleet.metrics.live.LogLine;

/** The colours of the console: from the 256 that every terminal has, over ssh and in tmux too. */
final class Palette {
    static final Color TEXT = Color.indexed(252);
    static final Color FAINT = Color.indexed(244);
    static final Color RULE = Color.indexed(238);
    static final Color ACCENT = Color.indexed(117);
    static final Color INK = Color.indexed(234);
    static final Color MINIMUM = Color.indexed(231);

    private static final Color[] BUDGETS = {
        Color.indexed(99),
        Color.indexed(39),
        Color.indexed(43),
        Color.indexed(113),
        Color.indexed(221),
        Color.indexed(209),
        Color.indexed(204),
        Color.indexed(177)
    };

    private Palette() {}

    /** The colour of a budget by its place among all, the same in every panel. */
    static Color budget(int place) {
        return BUDGETS[Math.floorMod(place, BUDGETS.length)];
    }

    static Color state(RunState state) {
        return switch (state) {
            case WAITING -> Color.indexed(237);
            case FORMING -> Color.indexed(24);
            case TRAINING -> Color.indexed(214);
            case EVALUATING -> Color.indexed(45);
            case RETRYING -> Color.indexed(170);
            case PAUSED -> Color.indexed(240);
            case DONE -> Color.indexed(35);
            case PARKED -> Color.indexed(160);
            case STOPPED -> Color.indexed(240);
        };
    }

    static Color level(LogLine.Level level) {
        return switch (level) {
            case INFO -> TEXT;
            case GOOD -> Color.indexed(114);
            case WARNING -> Color.indexed(221);
            case BAD -> Color.indexed(203);
        };
    }

    static Style text() {
        return Style.create().fg(TEXT);
    }

    static Style faint() {
        return Style.create().fg(FAINT);
    }

    static Style strong() {
        return Style.create().fg(MINIMUM).bold();
    }

    static Style fg(Color color) {
        return Style.create().fg(color);
    }
}

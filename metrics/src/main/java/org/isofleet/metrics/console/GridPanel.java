package org.isofleet.metrics.console;

import dev.tamboui.style.Color;
import dev.tamboui.style.Style;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.isofleet.metrics.live.IsoflopProfiles;
import org.isofleet.metrics.live.LiveEvent.RunState;
import org.isofleet.metrics.live.Notation;
import org.isofleet.metrics.live.RunView;
import org.isofleet.metrics.live.StudyView;

/**
 * The grid of runs: a row for each resolution and budget, a column for each size, coloured by state. A cell that trains fills up
 * from the left; a finished one shows its loss and, where there is room, accuracy and Fréchet distance. The best of a budget
 * stands out, and those that no fit rests on are darker.
 */
final class GridPanel {
    private static final int LABEL = 7;
    private static final int NARROWEST = 5;

    private GridPanel() {}

    private record Row(int resolution, double budgetFlops) {}

    /** The width at which every size has a column of its own. */
    static int comfortableWidth(StudyView view) {
        return LABEL + NARROWEST * sizes(view).size();
    }

    static void draw(Pane pane, StudyView view) {
        List<Double> sizes = sizes(view);
        List<Row> rows = rows(view);
        if (rows.isEmpty()) {
            return;
        }
        int fitting = (pane.width() - LABEL) / sizes.size();
        boolean packed = fitting < NARROWEST;
        if (packed) {
            int most =
                    rows.stream().mapToInt(row -> runs(view, row).size()).max().orElse(1);
            fitting = Math.max(2, Math.min(NARROWEST, (pane.width() - LABEL) / most));
        }
        int cell = Math.min(9, fitting);
        int top = packed ? 0 : 1;
        for (int c = 0; !packed && c < sizes.size(); c++) {
            pane.textAmid(LABEL + c * cell, cell - 1, 0, Notation.brief(sizes.get(c)), Palette.faint());
        }
        int pitch = Math.max(1, Math.min(4, (pane.height() - top - 1) / rows.size()));
        int height = pitch == 1 ? 1 : pitch - (pitch * rows.size() + top < pane.height() && pitch > 2 ? 1 : 0);
        for (int r = 0; r < rows.size(); r++) {
            drawRow(pane, view, rows.get(r), packed ? List.of() : sizes, cell, top + r * pitch, Math.min(3, height));
        }
        legend(pane);
    }

    private static List<Double> sizes(StudyView view) {
        return view.runs().stream().map(RunView::params).distinct().sorted().toList();
    }

    private static List<RunView> runs(StudyView view, Row row) {
        return view.runs().stream()
                .filter(run -> run.resolution() == row.resolution() && run.budgetFlops() == row.budgetFlops())
                .sorted(Comparator.comparingDouble(RunView::params))
                .toList();
    }

    private static List<Row> rows(StudyView view) {
        return view.runs().stream()
                .map(run -> new Row(run.resolution(), run.budgetFlops()))
                .distinct()
                .sorted((a, b) -> a.resolution() != b.resolution()
                        ? Integer.compare(a.resolution(), b.resolution())
                        : Double.compare(a.budgetFlops(), b.budgetFlops()))
                .toList();
    }

    private static void drawRow(Pane pane, StudyView view, Row row, List<Double> columns, int cell, int y, int height) {
        Color colour = Palette.budget(budgets(view).indexOf(row.budgetFlops()));
        pane.text(0, y, Notation.flops(row.budgetFlops()), Palette.fg(colour).bold());
        if (height > 1 && IsoflopProfiles.resolutions(view).size() > 1) {
            pane.text(0, y + 1, row.resolution() + "px", Palette.faint());
        }
        List<RunView> runs = runs(view, row);
        double best =
                runs.stream().flatMapToDouble(run -> run.loss().stream()).min().orElse(Double.NaN);
        for (int i = 0; i < runs.size(); i++) {
            RunView run = runs.get(i);
            int column = columns.isEmpty() ? i : columns.indexOf(run.params());
            boolean winner = run.loss().isPresent() && run.loss().getAsDouble() == best;
            drawCell(pane, run, winner, LABEL + column * cell, Math.max(1, cell - 1), y, height, columns.isEmpty());
        }
    }

    static List<Double> budgets(StudyView view) {
        return view.runs().stream()
                .map(RunView::budgetFlops)
                .distinct()
                .sorted()
                .toList();
    }

    private static void drawCell(
            Pane pane, RunView run, boolean winner, int x, int width, int y, int height, boolean packed) {
        boolean training = run.state() == RunState.TRAINING;
        Color full = fill(run, winner);
        int filled = training ? (int) Math.round(run.trainedShare() * width) : width;
        for (int line = 0; line < height; line++) {
            String text = text(run, line, packed);
            int start = text.length() <= width ? (width - text.length()) / 2 : width;
            for (int i = 0; i < width; i++) {
                boolean within = i >= start && i - start < text.length();
                String symbol = within ? text.substring(i - start, i - start + 1) : " ";
                boolean bright = i < filled;
                Color back = bright ? full : Color.indexed(58);
                Style style = Style.create().bg(back).fg(ink(run, bright, winner));
                pane.text(x + i, y + line, symbol, winner && line == 0 ? style.bold() : style);
            }
        }
    }

    /** Where sizes have no columns of their own, the second line of a cell tells its size. */
    private static String text(RunView run, int line, boolean packed) {
        if (packed && line > 0) {
            return line == 1 ? Notation.brief(run.params()) : second(run);
        }
        return line == 0 ? first(run) : line == 1 ? second(run) : third(run);
    }

    private static Color fill(RunView run, boolean winner) {
        if (run.state() != RunState.DONE) {
            return Palette.state(run.state());
        }
        return winner ? Color.indexed(84) : run.planned().fitted() ? Palette.state(RunState.DONE) : Color.indexed(23);
    }

    private static Color ink(RunView run, boolean bright, boolean winner) {
        return switch (run.state()) {
            case WAITING, STOPPED -> Palette.FAINT;
            case TRAINING -> bright ? Palette.INK : Color.indexed(222);
            case EVALUATING -> Palette.INK;
            case DONE -> winner || run.planned().fitted() ? Palette.INK : Palette.TEXT;
            case FORMING, RETRYING, PAUSED, PARKED -> Palette.MINIMUM;
        };
    }

    private static String first(RunView run) {
        return switch (run.state()) {
            case WAITING -> "·";
            case FORMING -> "join";
            case TRAINING -> Math.round(100 * run.trainedShare()) + "%";
            case EVALUATING -> "eval";
            case RETRYING -> "retry";
            case PAUSED -> "pause";
            case PARKED -> "✕";
            case STOPPED -> "–";
            case DONE -> run.loss().isPresent() ? Notation.fixed(run.loss().getAsDouble(), 2) : "done";
        };
    }

    private static String second(RunView run) {
        return switch (run.state()) {
            case TRAINING -> Notation.count(run.trace().tokensPerSecond());
            case DONE ->
                run.top1().isPresent()
                        ? String.format(Locale.ROOT, "%.0f%%", 100 * run.top1().getAsDouble())
                        : "";
            case PARKED -> "park";
            case STOPPED -> "stop";
            case WAITING, FORMING, EVALUATING, RETRYING, PAUSED -> "";
        };
    }

    private static String third(RunView run) {
        return run.state() == RunState.DONE && run.frechetDistance().isPresent()
                ? Notation.count(run.frechetDistance().getAsDouble())
                : "";
    }

    private static void legend(Pane pane) {
        int x = 0;
        int y = pane.height() - 1;
        RunState[] shown = {RunState.DONE, RunState.TRAINING, RunState.EVALUATING, RunState.WAITING, RunState.PARKED};
        for (RunState state : shown) {
            String name = state.name().toLowerCase(Locale.ROOT);
            if (x + 2 + name.length() > pane.width()) {
                return;
            }
            x = pane.text(x, y, "■ ", Palette.fg(state == RunState.WAITING ? Palette.FAINT : Palette.state(state)));
            x = pane.text(x, y, name, Palette.faint()) + (pane.width() > 45 ? 2 : 1);
        }
    }
}

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Turns a captured terminal into an SVG picture:
 *
 * <pre>{@code
 * tmux capture-pane -e -p -t SESSION | java docs/tools/TerminalPicture.java "title" > docs/console.svg
 * }</pre>
 *
 * <p>Reads text with SGR sequences (colours of 16, 256 and 24 bits, bold, reverse). Every character stands at its own x, so
 * columns keep their places whatever font the reader has. Braille is drawn as dots, not as text: few fonts have it at the width
 * of the others.
 */
public final class TerminalPicture {
    private static final double CELL_WIDTH = 8.4;
    private static final double CELL_HEIGHT = 18;
    private static final double MARGIN = 16;
    private static final double TITLE = 34;
    private static final String BACKGROUND = "#16181d";
    private static final String FOREGROUND = "#d0d0d0";
    private static final String[] BASIC = {
        "#16181d", "#cd3131", "#0dbc79", "#e5e510", "#2472c8", "#bc3fbc", "#11a8cd", "#d0d0d0",
        "#666666", "#f14c4c", "#23d18b", "#f5f543", "#3b8eea", "#d670d6", "#29b8db", "#ffffff"
    };

    private String fore = FOREGROUND;
    private String back = BACKGROUND;
    private boolean bold;
    private boolean reverse;

    private final StringBuilder body = new StringBuilder();
    private final List<Stretch> fills = new ArrayList<>();
    private final List<Stretch> texts = new ArrayList<>();
    private int widest;

    private TerminalPicture() {}

    public static void main(String[] arguments) throws IOException {
        List<String> lines = new ArrayList<>();
        try (BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            in.lines().forEach(lines::add);
        }
        while (!lines.isEmpty() && lines.get(lines.size() - 1).isBlank()) {
            lines.remove(lines.size() - 1);
        }
        String title = arguments.length > 0 ? arguments[0] : "isofleet";
        new PrintStream(System.out, true, StandardCharsets.UTF_8).print(new TerminalPicture().svg(lines, title));
    }

    private String svg(List<String> lines, String title) {
        for (int row = 0; row < lines.size(); row++) {
            line(lines.get(row), row);
        }
        double width = widest * CELL_WIDTH + 2 * MARGIN;
        double height = lines.size() * CELL_HEIGHT + TITLE + MARGIN;
        StringBuilder svg = new StringBuilder();
        svg.append(format(
                "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %.0f %.0f\" width=\"%.0f\" height=\"%.0f\""
                        + " role=\"img\" aria-label=\"%s\">%n",
                width, height, width, height, escape(title)));
        svg.append("<style>text{font:14px ui-monospace,'DejaVu Sans Mono','Cascadia Mono',Menlo,Consolas,monospace;"
                + "white-space:pre}.b{font-weight:700}</style>\n");
        svg.append(format("<rect width=\"%.0f\" height=\"%.0f\" rx=\"9\" fill=\"%s\"/>%n", width, height, BACKGROUND));
        String[] lights = {"#ff5f57", "#febc2e", "#28c840"};
        for (int i = 0; i < lights.length; i++) {
            svg.append(format("<circle cx=\"%.0f\" cy=\"17\" r=\"5.5\" fill=\"%s\"/>", 20.0 + 18 * i, lights[i]));
        }
        svg.append(format(
                "<text x=\"%.0f\" y=\"22\" fill=\"#9a9a9a\" text-anchor=\"middle\">%s</text>%n", width / 2, escape(title)));
        return svg.append(stretches()).append(body).append("</svg>\n").toString();
    }

    private void line(String line, int row) {
        int column = 0;
        for (int i = 0; i < line.length(); ) {
            if (line.charAt(i) == '\u001b') {
                int end = i + 1;
                while (end < line.length() && !Character.isLetter(line.charAt(end))) {
                    end++;
                }
                if (end < line.length() && line.charAt(end) == 'm') {
                    style(line.substring(Math.min(i + 2, end), end));
                }
                i = end + 1;
            } else {
                int symbol = line.codePointAt(i);
                cell(symbol, column++, row);
                i += Character.charCount(symbol);
            }
        }
        widest = Math.max(widest, column);
    }

    private void style(String codes) {
        String[] parts = codes.isEmpty() ? new String[] {"0"} : codes.split("[;:]");
        for (int i = 0; i < parts.length; i++) {
            int code = parts[i].isEmpty() ? 0 : Integer.parseInt(parts[i]);
            if (code == 0) {
                fore = FOREGROUND;
                back = BACKGROUND;
                bold = false;
                reverse = false;
            } else if (code == 1) {
                bold = true;
            } else if (code == 22) {
                bold = false;
            } else if (code == 7 || code == 27) {
                reverse = code == 7;
            } else if (code == 38 || code == 48) {
                boolean indexed = parts[i + 1].equals("5");
                String color = indexed
                        ? indexed(Integer.parseInt(parts[i + 2]))
                        : rgb(Integer.parseInt(parts[i + 2]), Integer.parseInt(parts[i + 3]), Integer.parseInt(parts[i + 4]));
                i += indexed ? 2 : 4;
                if (code == 38) {
                    fore = color;
                } else {
                    back = color;
                }
            } else if (code >= 30 && code <= 37 || code >= 90 && code <= 97) {
                fore = BASIC[code >= 90 ? code - 82 : code - 30];
            } else if (code >= 40 && code <= 47 || code >= 100 && code <= 107) {
                back = BASIC[code >= 100 ? code - 92 : code - 40];
            } else if (code == 39) {
                fore = FOREGROUND;
            } else if (code == 49) {
                back = BACKGROUND;
            }
        }
    }

    /** The 256 colours of xterm: 16 basic ones, a cube of 6 x 6 x 6, 24 greys. */
    private static String indexed(int index) {
        if (index < 16) {
            return BASIC[index];
        }
        if (index >= 232) {
            int grey = 8 + 10 * (index - 232);
            return rgb(grey, grey, grey);
        }
        int cube = index - 16;
        return rgb(level(cube / 36), level(cube / 6 % 6), level(cube % 6));
    }

    private static int level(int step) {
        return step == 0 ? 0 : 55 + 40 * step;
    }

    private static String rgb(int red, int green, int blue) {
        return format("#%02x%02x%02x", red, green, blue);
    }

    private void cell(int symbol, int column, int row) {
        String ink = reverse ? back : fore;
        String paper = reverse ? fore : back;
        double x = MARGIN + column * CELL_WIDTH;
        double y = TITLE + row * CELL_HEIGHT;
        boolean covered = symbol == 0x2588; // a full block leaves nothing of the paper, and its neighbours join
        if (!paper.equals(BACKGROUND) && !covered) {
            fill(x, y, CELL_WIDTH, paper);
        }
        if (symbol >= 0x2800 && symbol <= 0x28ff) {
            braille(symbol - 0x2800, x, y, ink);
        } else if (symbol >= 0x2588 && symbol <= 0x258f) {
            fill(x, y, CELL_WIDTH * (0x2590 - symbol) / 8, ink);
        } else if ("─│╭╮╰╯├┤".indexOf(symbol) >= 0) {
            frame(symbol, x, y, ink);
        } else if (symbol != ' ') {
            write(Character.toString(symbol), x, y, ink);
        }
    }

    /** Neighbours of one colour become one rectangle: seams between them would show. */
    private void fill(double x, double y, double width, String color) {
        Stretch last = fills.isEmpty() ? null : fills.get(fills.size() - 1);
        if (last != null && last.y == y && last.style.equals(color) && Math.abs(last.end - x) < 1e-6) {
            last.end = x + width;
        } else {
            fills.add(new Stretch(x, x + width, y, color));
        }
    }

    /** Characters of one style in a row become one element with an x for each. */
    private void write(String symbol, double x, double y, String ink) {
        String style = "fill=\"" + ink + "\"" + (bold ? " class=\"b\"" : "");
        Stretch last = texts.isEmpty() ? null : texts.get(texts.size() - 1);
        if (last == null || last.y != y || !last.style.equals(style)) {
            last = new Stretch(x, x, y, style);
            texts.add(last);
        }
        last.places.append(format(" %.1f", x));
        last.text.append(symbol);
    }

    private String stretches() {
        StringBuilder svg = new StringBuilder();
        for (Stretch s : fills) {
            svg.append(format(
                    "<rect x=\"%.2f\" y=\"%.1f\" width=\"%.2f\" height=\"%.1f\" fill=\"%s\"/>%n",
                    s.start, s.y, s.end - s.start, CELL_HEIGHT + 0.2, s.style));
        }
        for (Stretch s : texts) {
            svg.append(format(
                    "<text x=\"%s\" y=\"%.1f\" %s>%s</text>%n",
                    s.places.substring(1), s.y + 13.5, s.style, escape(s.text.toString())));
        }
        return svg.toString();
    }

    /** Neighbouring characters of one row that look the same. */
    private static final class Stretch {
        final double start;
        final double y;
        final String style;
        final StringBuilder places = new StringBuilder();
        final StringBuilder text = new StringBuilder();
        double end;

        Stretch(double start, double end, double y, String style) {
            this.start = start;
            this.end = end;
            this.y = y;
            this.style = style;
        }
    }

    /** Dots 1 to 8 of a braille pattern, in the order of its bits. */
    private void braille(int bits, double x, double y, String color) {
        int[][] dots = {{0, 0}, {0, 1}, {0, 2}, {1, 0}, {1, 1}, {1, 2}, {0, 3}, {1, 3}};
        StringBuilder path = new StringBuilder();
        for (int bit = 0; bit < 8; bit++) {
            if ((bits >> bit & 1) == 1) {
                double cx = x + CELL_WIDTH * (0.25 + 0.5 * dots[bit][0]);
                double cy = y + CELL_HEIGHT * (0.125 + 0.25 * dots[bit][1]);
                path.append(format("M%.1f %.1fh0", cx, cy));
            }
        }
        if (path.length() > 0) {
            body.append(format(
                    "<path d=\"%s\" stroke=\"%s\" stroke-width=\"2.9\" stroke-linecap=\"round\"/>%n", path, color));
        }
    }

    private void frame(int symbol, double x, double y, String color) {
        double cx = x + CELL_WIDTH / 2;
        double cy = y + CELL_HEIGHT / 2;
        double right = x + CELL_WIDTH;
        double bottom = y + CELL_HEIGHT;
        double r = CELL_WIDTH / 2;
        String path =
                switch (symbol) {
                    case '─' -> format("M%.1f %.1fH%.1f", x, cy, right);
                    case '│' -> format("M%.1f %.1fV%.1f", cx, y, bottom);
                    case '├' -> format("M%.1f %.1fV%.1fM%.1f %.1fH%.1f", cx, y + 4, bottom - 4, cx, cy, right);
                    case '┤' -> format("M%.1f %.1fV%.1fM%.1f %.1fH%.1f", cx, y + 4, bottom - 4, cx, cy, x);
                    case '╭' -> format("M%.1f %.1fV%.1fq0 -%.1f %.1f -%.1f", cx, bottom, cy + r, r, r, r);
                    case '╮' -> format("M%.1f %.1fV%.1fq0 -%.1f -%.1f -%.1f", cx, bottom, cy + r, r, r, r);
                    case '╰' -> format("M%.1f %.1fV%.1fq0 %.1f %.1f %.1f", cx, y, cy - r, r, r, r);
                    default -> format("M%.1f %.1fV%.1fq0 %.1f -%.1f %.1f", cx, y, cy - r, r, r, r);
                };
        body.append(format("<path d=\"%s\" stroke=\"%s\" fill=\"none\" stroke-width=\"1.1\"/>%n", path, color));
    }

    private static String escape(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\"", "&quot;");
    }

    private static String format(String pattern, Object... values) {
        return String.format(Locale.ROOT, pattern, values);
    }
}

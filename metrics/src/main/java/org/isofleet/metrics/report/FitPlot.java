package org.isofleet.metrics.report;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.isofleet.metrics.scaling.Observation;
import org.isofleet.metrics.scaling.ScalingFit;
import org.isofleet.protocol.study.InvalidSpecException;

/** Fits as a picture: for every group of points a row with its IsoFLOP profiles and the law for N. */
public final class FitPlot {
    static final String INK = "#22262e";

    private static final int WIDTH = 960;
    private static final int ROW = 340;
    private static final int MOST_ROWS = 60;

    private FitPlot() {}

    /**
     * A fit with what it was fitted to.
     *
     * @param metric name of it for the axis
     */
    public record Fitted(ScalingFit fit, List<Observation> points, String metric) {
        public Fitted {
            points = List.copyOf(points);
        }
    }

    /** Refuses a name that says nothing of the format, before anything is computed for it. */
    public static void check(Path file) {
        String name = file.toString().toLowerCase(Locale.ROOT);
        if (!name.endsWith(".svg") && !name.endsWith(".png")) {
            throw new InvalidSpecException("--plot " + file + ": a plot is an .svg or a .png; end its name so");
        }
    }

    /**
     * Writes the picture; the end of the name tells the format.
     *
     * @throws InvalidSpecException when it tells none, or there are too many groups
     */
    public static void write(Path file, List<Fitted> fits) throws IOException {
        check(file);
        if (fits.size() > MOST_ROWS) {
            throw new InvalidSpecException(
                    fits.size() + " groups are too many for one picture; " + MOST_ROWS + " are the most");
        }
        int height = ROW * fits.size();
        if (file.toString().toLowerCase(Locale.ROOT).endsWith(".svg")) {
            SvgCanvas canvas = new SvgCanvas(WIDTH, height);
            draw(canvas, fits);
            Files.write(file, canvas.file().getBytes(StandardCharsets.UTF_8));
        } else {
            PngCanvas canvas = new PngCanvas(WIDTH, height);
            draw(canvas, fits);
            Files.write(file, canvas.file());
        }
    }

    private static void draw(Canvas canvas, List<Fitted> fits) {
        for (int i = 0; i < fits.size(); i++) {
            double top = (double) ROW * i;
            new ProfilePlot(fits.get(i)).draw(canvas, new PlotBox(0, top, WIDTH * 0.56, ROW));
            new LawPlot(fits.get(i).fit()).draw(canvas, new PlotBox(WIDTH * 0.56, top, WIDTH * 0.44, ROW));
        }
    }

    /** The colour of a budget: from blue for the smallest to red for the largest. */
    static String color(int index, int count) {
        double share = count < 2 ? 0 : (double) index / (count - 1);
        int[][] stops = {{0x2b, 0x5b, 0xa8}, {0x2a, 0x9d, 0x8f}, {0xe0, 0x9f, 0x3e}, {0xb5, 0x2b, 0x45}};
        double place = share * (stops.length - 1);
        int below = Math.min((int) place, stops.length - 2);
        int[] rgb = new int[3];
        for (int c = 0; c < 3; c++) {
            rgb[c] = (int) Math.round(stops[below][c] + (place - below) * (stops[below + 1][c] - stops[below][c]));
        }
        return String.format(Locale.ROOT, "#%02x%02x%02x", rgb[0], rgb[1], rgb[2]);
    }
}

package org.isofleet.metrics.forecast;

import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.NamedCsvRecord;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.isofleet.metrics.scaling.Interval;
import org.isofleet.metrics.scaling.PowerLaw;

/**
 * The laws behind the paper's own table of projections (arXiv 2511.08704, poster): three budgets for each metric and resolution.
 *
 * <p>The optimum's N is a power of C through the three; D follows from {@code C = 6 N D} with a token a pixel, which holds in 17 of the 18 cells
 * (the other, top-1 at 32x32 and 1e22, is a misprint), and the metric is affine in log C. The published cells have no intervals.
 */
public final class PaperCells {
    /** The paper's largest budget. */
    public static final double LARGEST_BUDGET = 3.5e20;

    /** That budget and those of the table; 1e23 as a product, for no double is that number. */
    public static final List<Double> BUDGETS = List.of(LARGEST_BUDGET, 1e22, 10 * 1e22, 1e24);

    private static final String FILE = "poster_projections.csv";
    private static final double FLOPS_PER_WEIGHT = 6;

    private PaperCells() {}

    /**
     * One metric at one resolution.
     *
     * @param params N_opt over C
     * @param value the metric, linear in log C
     */
    public record Law(String metric, int resolution, PowerLaw params, PowerLaw value) {
        /** a of N_opt. */
        public double nExponent() {
            return params.exponent();
        }

        /** b of D_opt. */
        public double dExponent() {
            return 1 - params.exponent();
        }

        /** How much the metric grows with ten times the compute. */
        public double perDecade() {
            return value.exponent() * Math.log(10);
        }

        /** The law read off at a budget. */
        public Projection at(double budgetFlops) {
            double logC = Math.log(budgetFlops);
            double n = Math.exp(params.logAt(logC));
            double tokens = budgetFlops / (FLOPS_PER_WEIGHT * n);
            return new Projection(
                    metric,
                    Map.of(Projection.RESOLUTION, Integer.toString(resolution)),
                    budgetFlops,
                    Interval.point(n),
                    Interval.point(tokens),
                    Interval.point(tokens / resolution / resolution),
                    Interval.point(value.logAt(logC)),
                    "affine in log C, unbounded",
                    null,
                    null);
        }
    }

    /** The laws in the order of the table. */
    public static List<Law> laws() {
        Map<List<String>, List<NamedCsvRecord>> cells = new LinkedHashMap<>();
        for (NamedCsvRecord row : rows()) {
            cells.computeIfAbsent(List.of(row.getField("metric"), row.getField("resolution")), key -> new ArrayList<>())
                    .add(row);
        }
        List<Law> laws = new ArrayList<>();
        cells.forEach((key, rows) -> {
            double[] logC =
                    rows.stream().mapToDouble(r -> Math.log(number(r, "flops"))).toArray();
            double[] logN =
                    rows.stream().mapToDouble(r -> Math.log(number(r, "n_opt"))).toArray();
            double[] value = rows.stream().mapToDouble(r -> number(r, "value")).toArray();
            laws.add(new Law(
                    key.get(0),
                    Integer.parseInt(key.get(1)),
                    PowerLaw.through(logC, logN),
                    PowerLaw.through(logC, value)));
        });
        return laws;
    }

    private static double number(NamedCsvRecord row, String column) {
        return Double.parseDouble(row.getField(column));
    }

    private static List<NamedCsvRecord> rows() {
        try (InputStream in = PaperCells.class.getResourceAsStream(FILE)) {
            if (in == null) {
                throw new IllegalStateException("resource " + FILE + " is missing from the build");
            }
            try (CsvReader<NamedCsvRecord> csv =
                    CsvReader.builder().ofNamedCsvRecord(new InputStreamReader(in, StandardCharsets.UTF_8))) {
                return csv.stream().toList();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

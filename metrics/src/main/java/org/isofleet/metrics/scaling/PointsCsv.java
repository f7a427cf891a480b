package org.isofleet.metrics.scaling;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.NamedCsvRecord;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.isofleet.protocol.study.InvalidSpecException;

/**
 * Points in a CSV file with a header line (RFC 4180, UTF-8), by named columns.
 *
 * <p>Columns {@code steps}, {@code epochs} and {@code head_share} are read too where they are; points get labels by them. So is a column that
 * tells the metric's protocol, as {@code loss_protocol} of {@code loss_nats_per_pixel}: points of two protocols are refused.
 *
 * @param budget column of the budgets, in FLOPs
 * @param params column of N
 * @param tokens column of D
 * @param metric column of the metric
 * @param group columns whose values together name a group; none for a single group
 */
public record PointsCsv(String budget, String params, String tokens, String metric, List<String> group) {
    /** Ends the name of a column that tells how a metric was measured. */
    private static final String PROTOCOL = "_protocol";

    public PointsCsv {
        group = List.copyOf(group);
    }

    /**
     * Reads the points by group, groups in order of appearance; a point's label is its line in the file.
     *
     * @throws InvalidSpecException when the file cannot be read or a line makes no sense; one line with file, line and mend
     */
    public Map<Map<String, String>, List<Observation>> read(Path file) {
        Map<Map<String, String>, List<Observation>> groups = new LinkedHashMap<>();
        if (!Files.exists(file)) {
            throw new InvalidSpecException(file + ": there is no such file; name a CSV file of points");
        }
        try (CsvReader<NamedCsvRecord> reader =
                CsvReader.builder().detectBomHeader(true).ofNamedCsvRecord(file)) {
            Map<Map<String, String>, String> protocols = new HashMap<>();
            for (NamedCsvRecord row : reader) {
                Map<String, String> values = groupOf(file, row);
                groups.computeIfAbsent(values, any -> new ArrayList<>()).add(point(file, row));
                requireOne(protocols, values, file, row);
            }
        } catch (CsvParseException e) {
            throw new InvalidSpecException(file + ": " + causes(e) + "; mend the line or remove it");
        } catch (IOException | UncheckedIOException e) {
            throw new InvalidSpecException(file + ": cannot be read (" + reason(e) + ")");
        }
        if (groups.isEmpty()) {
            throw new InvalidSpecException(file + ": no points; a header line and one line a run are expected");
        }
        return groups;
    }

    /** A column of protocols, as {@code frechet_protocol} of {@code frechet_distance}, must be the same all over a group. */
    private void requireOne(
            Map<Map<String, String>, String> protocols, Map<String, String> values, Path file, NamedCsvRecord row) {
        String column = metric.replaceFirst("_.*", "") + PROTOCOL;
        String protocol = row.findField(column).orElse("");
        String first = protocols.putIfAbsent(values, protocol);
        if (first != null && !first.equals(protocol)) {
            throw new InvalidSpecException(place(file, row) + metric + " was measured by '" + protocol + "', above by '"
                    + first + "'; those never share a curve: remove one, or add " + column + " to --group");
        }
    }

    private Map<String, String> groupOf(Path file, NamedCsvRecord row) {
        int fields = row.getFields().size();
        int columns = row.getHeader().size();
        if (fields != columns) {
            throw new InvalidSpecException(
                    place(file, row) + fields + " fields, the header has " + columns + "; mend the line or remove it");
        }
        Map<String, String> values = new LinkedHashMap<>();
        for (String column : group) {
            values.put(column, field(file, row, column));
        }
        return values;
    }

    private Observation point(Path file, NamedCsvRecord row) {
        String line = Long.toString(row.getStartingLineNumber());
        double flops = number(file, row, budget);
        double n = number(file, row, params);
        double d = number(file, row, tokens);
        double value = number(file, row, metric);
        try {
            return new Observation(line, flops, n, d, value, training(file, row));
        } catch (InvalidSpecException e) {
            throw new InvalidSpecException(place(file, row) + e.getMessage() + "; mend the line or remove it");
        }
    }

    /** Columns of these names need not be there, nor hold anything. */
    private static Observation.Training training(Path file, NamedCsvRecord row) {
        return new Observation.Training(
                optional(file, row, "steps"), optional(file, row, "epochs"), optional(file, row, "head_share"));
    }

    private static double optional(Path file, NamedCsvRecord row, String column) {
        boolean there = row.findField(column).filter(text -> !text.isBlank()).isPresent();
        return there ? number(file, row, column) : Double.NaN;
    }

    private static double number(Path file, NamedCsvRecord row, String column) {
        String text = field(file, row, column).strip();
        try {
            return Double.parseDouble(text);
        } catch (NumberFormatException e) {
            throw new InvalidSpecException(place(file, row) + "column '" + column + "' holds '" + text
                    + "', not a number; mend the line or remove it");
        }
    }

    private static String field(Path file, NamedCsvRecord row, String column) {
        return row.findField(column)
                .orElseThrow(() -> new InvalidSpecException(
                        file + ":1: no column '" + column + "'; there are " + String.join(", ", row.getHeader())
                                + " (choose with --budget, --params, --tokens, --metric, --group)"));
    }

    private static String place(Path file, NamedCsvRecord row) {
        return file + ":" + row.getStartingLineNumber() + ": ";
    }

    private static String causes(Exception e) {
        Throwable cause = e.getCause();
        return e.getMessage() + (cause == null ? "" : " (" + cause.getMessage() + ")");
    }

    private static String reason(Exception e) {
        Throwable cause = e instanceof UncheckedIOException && e.getCause() != null ? e.getCause() : e;
        if (cause instanceof CharacterCodingException) {
            return "it is not UTF-8 text";
        }
        if (cause instanceof AccessDeniedException) {
            return "permission denied";
        }
        return cause instanceof NoSuchFileException ? "there is no such file" : String.valueOf(cause.getMessage());
    }
}

package org.isofleet.metrics.forecast;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.isofleet.protocol.study.InvalidSpecException;

/**
 * {@code forecasts.jsonl}: every forecast of a study, every attempt at another and every score, one JSON line each in the order of time.
 *
 * <p>Each line carries the SHA-256 of itself and of all before it. So the seal of a forecast, told to somebody on the day, holds later for its
 * numbers, its date, the hash of its data, and for whatever was tried before it; a line that is changed or taken out is seen when the
 * file is read. A line that a killed writer left unfinished is cut.
 */
public final class ForecastLog {
    public static final String FILE = "forecasts.jsonl";

    private static final ObjectMapper JSON = JsonMapper.builder()
            .addModule(new JavaTimeModule())
            .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    private static final String OPENING = "{\"seal\":\"";
    private static final int DIGITS = 64;
    private static final String MIDDLE = "\",\"line\":";

    private final Path file;

    /** @param file that need not exist yet */
    public ForecastLog(Path file) {
        this.file = file;
    }

    public Path file() {
        return file;
    }

    /** A line with its place and seal. */
    public record Line(int number, String seal, ForecastEntry entry) {}

    /**
     * All lines.
     *
     * @throws InvalidSpecException when a line is not what was sealed
     */
    public List<Line> read() throws IOException {
        return Files.exists(file) ? parse(whole(Files.readString(file))) : List.of();
    }

    /**
     * Adds what follows from the lines so far; one writer at a time, and what returns is on the disk.
     *
     * @throws InvalidSpecException when a line is not what was sealed
     */
    public Line append(Function<List<Line>, ForecastEntry> next) throws IOException {
        try (FileChannel channel = FileChannel.open(
                        file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
                FileLock held = channel.lock()) {
            String whole = whole(Files.readString(file));
            List<Line> lines = parse(whole);
            ForecastEntry entry = next.apply(lines);
            String text = JSON.writeValueAsString(entry);
            String seal =
                    seal(lines.isEmpty() ? "" : lines.get(lines.size() - 1).seal(), text);
            ByteBuffer bytes =
                    ByteBuffer.wrap((OPENING + seal + MIDDLE + text + "}\n").getBytes(StandardCharsets.UTF_8));
            channel.truncate(whole.getBytes(StandardCharsets.UTF_8).length).position(channel.size());
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(true);
            return new Line(lines.size() + 1, seal, entry);
        }
    }

    private static String whole(String text) {
        return text.substring(0, text.lastIndexOf('\n') + 1);
    }

    private List<Line> parse(String text) throws JsonProcessingException {
        List<Line> lines = new ArrayList<>();
        String before = "";
        for (String line : text.lines().toList()) {
            int from = OPENING.length() + DIGITS + MIDDLE.length();
            String json = line.length() > from ? line.substring(from, line.length() - 1) : "";
            String seal = seal(before, json);
            if (!line.equals(OPENING + seal + MIDDLE + json + "}")) {
                throw new InvalidSpecException(file + ":" + (lines.size() + 1)
                        + ": this line or one before it is not what was sealed; put the file back as it was");
            }
            lines.add(new Line(lines.size() + 1, seal, JSON.readValue(json, ForecastEntry.class)));
            before = seal;
        }
        return lines;
    }

    private static String seal(String before, String json) {
        return Sha256.of(before + "\n" + json);
    }
}

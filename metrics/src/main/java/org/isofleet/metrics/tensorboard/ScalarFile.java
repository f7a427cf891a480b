package org.isofleet.metrics.tensorboard;

import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The event file of one run. A tag has each step once, in ascending order: what comes again, as after a restart from a checkpoint, or when a
 * coordinator shows its past once more, is left out.
 */
public final class ScalarFile {
    /** TensorBoard takes every file with {@code tfevents} in its name; that it is always the same lets a restart go on with it. */
    public static final String NAME = "events.out.tfevents.isofleet";

    private static final Logger LOG = LoggerFactory.getLogger(ScalarFile.class);

    private final RecordFile records;
    private final Map<String, Long> lastSteps;

    private ScalarFile(RecordFile records, Map<String, Long> lastSteps) {
        this.records = records;
        this.lastSteps = lastSteps;
    }

    /**
     * Opens the file of a folder, which is made if need be; a record that a killed writer left unfinished is cut by the next one.
     *
     * @throws IOException when it cannot be read, or no folder be made
     */
    public static ScalarFile open(Path folder) throws IOException {
        Files.createDirectories(folder);
        Path file = folder.resolve(NAME);
        RecordFile.Content content = RecordFile.read(file);
        if (content.lost() > 0) {
            LOG.warn("{}: {} bytes behind the last whole record are cut", file, content.lost());
        }
        Map<String, Long> lastSteps = new HashMap<>();
        for (ByteBuffer record : content.records()) {
            try {
                ScalarEvent event = ScalarEvent.decoded(record);
                event.scalars().keySet().forEach(tag -> lastSteps.merge(tag, event.step(), Math::max));
            } catch (IllegalArgumentException | BufferUnderflowException e) {
                LOG.warn("{}: a record is no event and is passed over: {}", file, e.toString());
            }
        }
        return new ScalarFile(RecordFile.after(file, content), lastSteps);
    }

    /** Last step of a tag, -1 before the first. */
    public long lastStep(String tag) {
        return lastSteps.getOrDefault(tag, -1L);
    }

    /**
     * Scalars of a step.
     *
     * @param scalars by tag
     */
    public record Step(Instant at, long step, Map<String, Float> scalars) {}

    /**
     * Appends what is new of some steps; after a failure none of them is there, and they may be given again.
     *
     * @throws IOException when they cannot be written
     */
    public void append(List<Step> steps) throws IOException {
        List<byte[]> encoded = new ArrayList<>();
        Map<String, Long> reached = new HashMap<>(lastSteps);
        for (Step step : steps) {
            Map<String, Float> fresh = new HashMap<>(step.scalars());
            fresh.keySet().removeIf(tag -> reached.getOrDefault(tag, -1L) >= step.step());
            if (!fresh.isEmpty()) {
                if (encoded.isEmpty() && records.isEmpty()) {
                    encoded.add(ScalarEvent.fileVersion(step.at()));
                }
                encoded.add(ScalarEvent.of(step.at(), step.step(), fresh).encoded());
                fresh.keySet().forEach(tag -> reached.put(tag, step.step()));
            }
        }
        if (!encoded.isEmpty()) {
            records.append(encoded);
            lastSteps.putAll(reached);
        }
    }
}

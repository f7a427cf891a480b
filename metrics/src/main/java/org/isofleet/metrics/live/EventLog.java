package org.isofleet.metrics.live;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.isofleet.metrics.live.LiveEvent.CheckpointCommitted;
import org.isofleet.metrics.live.LiveEvent.EvaluationRecorded;
import org.isofleet.metrics.live.LiveEvent.Progress;
import org.isofleet.metrics.live.LiveEvent.RunChanged;
import org.isofleet.metrics.live.LiveEvent.StudyFinished;
import org.isofleet.metrics.live.LiveEvent.StudyStarted;
import org.isofleet.metrics.live.LiveEvent.Warning;
import org.isofleet.metrics.live.LiveEvent.WorkerLost;
import org.isofleet.metrics.live.LiveEvent.WorkerSeen;
import org.isofleet.protocol.study.RunId;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code events.jsonl} of a study folder: one event a line, telemetry left out, no event twice.
 *
 * <p>The file is a projection of the journal. What a killed writer left of its last line is cut when the file is opened again, and
 * the events that the coordinator then publishes once more fill the gap: each has an identity, so those already there are not
 * written again.
 */
final class EventLog implements AutoCloseable {
    static final String FILE = "events.jsonl";

    private static final Logger LOG = LoggerFactory.getLogger(EventLog.class);

    private final FileChannel channel;
    private final Set<String> written = new HashSet<>();
    private final Map<RunId, RunChanged> changes = new HashMap<>();

    private EventLog(FileChannel channel) {
        this.channel = channel;
    }

    /** Opens the log of a folder for appending, after cutting a torn tail. */
    static EventLog open(Path folder) throws IOException {
        Path file = folder.resolve(FILE);
        FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        EventLog log = new EventLog(channel);
        byte[] bytes = Files.readAllBytes(file);
        channel.truncate(wholeLines(bytes));
        channel.position(channel.size());
        parse(bytes, file).forEach(log::isNew);
        return log;
    }

    /** The events of a folder; empty when it has none yet. */
    static List<LiveEvent> read(Path folder) throws IOException {
        Path file = folder.resolve(FILE);
        try {
            return parse(Files.readAllBytes(file), file);
        } catch (NoSuchFileException e) {
            return List.of();
        }
    }

    /** Appends an event; whether it was new and belongs here. */
    boolean append(LiveEvent event) throws IOException {
        if (event instanceof Progress || event instanceof WorkerSeen || !isNew(event)) {
            return false;
        }
        ByteBuffer line = ByteBuffer.wrap((json(event) + "\n").getBytes(StandardCharsets.UTF_8));
        while (line.hasRemaining()) {
            channel.write(line);
        }
        return true;
    }

    /** A run may come into a state twice, as when the coordinator that took it for waiting dies, and the next one finds it training. */
    private boolean isNew(LiveEvent event) {
        String identity = identity(event);
        boolean isNew = written.add(identity);
        if (event instanceof RunChanged change) {
            RunChanged last = changes.get(change.runId());
            if (last == null || change.at().isAfter(last.at())) {
                changes.put(change.runId(), change);
                isNew |= last != null && !identity.equals(identity(last));
            }
        }
        return isNew;
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }

    private static int wholeLines(byte[] bytes) {
        int end = bytes.length;
        while (end > 0 && bytes[end - 1] != '\n') {
            end--;
        }
        return end;
    }

    private static List<LiveEvent> parse(byte[] bytes, Path file) {
        List<LiveEvent> events = new ArrayList<>();
        String[] lines = new String(bytes, 0, wholeLines(bytes), StandardCharsets.UTF_8).split("\n", -1);
        for (int i = 0; i < lines.length; i++) {
            if (!lines[i].isBlank()) {
                try {
                    events.add(LiveJson.mapper().readValue(lines[i], LiveEvent.class));
                } catch (JsonProcessingException e) {
                    LOG.warn("{} line {} is not an event and was left out: {}", file, i + 1, e.getOriginalMessage());
                }
            }
        }
        return events;
    }

    private static String json(LiveEvent event) {
        try {
            return LiveJson.mapper().writeValueAsString(event);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("an event has no JSON form", e);
        }
    }

    /** What makes two events the same. Times count only where the same thing may happen twice. */
    private static String identity(LiveEvent event) {
        if (event instanceof StudyStarted e) {
            return "started " + e.plan().studyId();
        } else if (event instanceof CheckpointCommitted e) {
            return "checkpoint " + e.checkpoint().runId() + " " + e.checkpoint().step() + " "
                    + e.checkpoint().digest() + " " + e.last();
        } else if (event instanceof EvaluationRecorded e) {
            return "result " + e.runId() + " " + RunTrace.ResultKey.of(e);
        } else if (event instanceof StudyFinished e) {
            return "finished " + e.done() + " " + e.parked();
        } else if (event instanceof WorkerLost || event instanceof Warning || event instanceof LiveEvent.Operated) {
            return json(event);
        }
        ObjectNode timeless = LiveJson.mapper().valueToTree(event);
        timeless.remove(List.of("at", "cause")); // a cause is told once, the rest again after a restart
        return timeless.toString();
    }
}

package org.isofleet.coordinator.relay;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.isofleet.metrics.live.LiveEvent;
import org.isofleet.metrics.live.LiveJson;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Events as they travel: JSON lines, compressed, for the plan of a large study is as long as everything else together and says the same
 * words again and again. What does not fit into a message is cut into several by event.
 */
final class EventPacket {
    private static final Logger LOG = LoggerFactory.getLogger(EventPacket.class);
    /** Of lines, before compression: as text well below what a message may have, whatever is in them. */
    private static final int MOST_CHARACTERS = 150_000;
    /** Nothing that a coordinator sends unpacks to more. */
    private static final int MOST_BYTES = 1 << 26;

    private EventPacket() {}

    static List<String> pack(List<LiveEvent> events) {
        List<String> packets = new ArrayList<>();
        StringBuilder lines = new StringBuilder();
        for (LiveEvent event : events) {
            String line = json(event);
            if (!lines.isEmpty() && lines.length() + line.length() > MOST_CHARACTERS) {
                packets.add(compress(lines.toString()));
                lines.setLength(0);
            }
            lines.append(line).append('\n');
        }
        if (!lines.isEmpty()) {
            packets.add(compress(lines.toString()));
        }
        return packets;
    }

    static List<LiveEvent> unpack(String packet) {
        List<LiveEvent> events = new ArrayList<>();
        try (GZIPInputStream in =
                new GZIPInputStream(new ByteArrayInputStream(Base64.getDecoder().decode(packet)))) {
            byte[] lines = in.readNBytes(MOST_BYTES);
            for (String line : new String(lines, StandardCharsets.UTF_8).split("\n", -1)) {
                if (!line.isEmpty()) {
                    events.add(LiveJson.mapper().readValue(line, LiveEvent.class));
                }
            }
        } catch (IOException | IllegalArgumentException e) {
            LOG.warn(
                    "events of another coordinator cannot be read; all coordinators must be of one version: {}",
                    e.getMessage());
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

    private static String compress(String lines) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
            out.write(lines.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new IllegalStateException("memory takes all bytes", e);
        }
        return Base64.getEncoder().encodeToString(bytes.toByteArray());
    }
}

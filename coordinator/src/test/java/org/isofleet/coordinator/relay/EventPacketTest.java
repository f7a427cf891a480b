package org.isofleet.coordinator.relay;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.isofleet.coordinator.TestPlans;
import org.isofleet.metrics.live.LiveEvent;
import org.junit.jupiter.api.Test;

class EventPacketTest {
    private static final int MESSAGE = 240 * 1024;

    @Test
    void events_comeBackInOrder() {
        List<LiveEvent> events = List.of(
                new LiveEvent.StudyStarted(
                        Instant.EPOCH, TestPlans.study(2, 30, TestPlans.policy(1, 2, Duration.ofSeconds(5)))),
                new LiveEvent.WorkerLost(Instant.EPOCH, "w1", "it left", false));
        assertThat(unpacked(EventPacket.pack(events))).isEqualTo(events);
    }

    @Test
    void manyEvents_areCutIntoPacketsThatFitAMessage() {
        List<LiveEvent> events = new ArrayList<>();
        Random random = new Random(1);
        for (int i = 0; i < 3_000; i++) {
            events.add(new LiveEvent.WorkerLost(
                    Instant.EPOCH, "w" + i, Long.toString(random.nextLong()) + random.nextLong(), false));
        }
        List<String> packets = EventPacket.pack(events);
        assertThat(packets)
                .hasSizeGreaterThan(1)
                .allSatisfy(p -> assertThat(p.length()).isLessThan(MESSAGE));
        assertThat(unpacked(packets)).isEqualTo(events);
    }

    @Test
    void garbage_isLeftOut() {
        assertThat(EventPacket.unpack("no packet")).isEmpty();
    }

    private static List<LiveEvent> unpacked(List<String> packets) {
        return packets.stream().flatMap(p -> EventPacket.unpack(p).stream()).toList();
    }
}

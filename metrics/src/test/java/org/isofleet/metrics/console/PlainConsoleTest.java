package org.isofleet.metrics.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import java.util.List;
import org.isofleet.metrics.live.LiveEvent;
import org.isofleet.metrics.live.SimulatedStudy;
import org.junit.jupiter.api.Test;

class PlainConsoleTest {
    @Test
    void accept_aWholeStudy_tellsEventsOnceAndProgressSeldom() {
        List<LiveEvent> events = SimulatedStudy.events();
        List<String> lines = lines(events);

        assertThat(lines.get(0)).isEqualTo("12:00:00 study demo: 27 runs planned, 1 cell left out");
        assertThat(lines)
                .filteredOn(line -> line.contains("worker w2 lost: connection closed"))
                .hasSize(1);
        assertThat(lines).filteredOn(line -> line.contains(" parked: ")).hasSize(1);
        assertThat(lines.get(lines.size() - 1)).contains("study finished: 26 runs done, 1 parked");
        long progress = lines.stream()
                .filter(line -> line.contains(" left"))
                .filter(line -> line.contains("step"))
                .count();
        assertThat(progress).isPositive().isLessThan(events.size() / 20);
        assertThat(lines).allSatisfy(line -> assertThat(line).doesNotContain("\u001b"));
    }

    private static List<String> lines(List<LiveEvent> events) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        PlainConsole console = new PlainConsole(new PrintStream(bytes, true, StandardCharsets.UTF_8), ZoneOffset.UTC);
        events.forEach(console);
        return bytes.toString(StandardCharsets.UTF_8).lines().toList();
    }
}

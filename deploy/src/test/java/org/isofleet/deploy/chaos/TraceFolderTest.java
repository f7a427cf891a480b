package org.isofleet.deploy.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TraceFolderTest {
    private static final Sight HELD = new Sight(Sight.Kind.HELD, 1_700_000_000_123L, "e2a00845c54f2202", 3, 41);
    private static final Sight IDLE = Sight.idle(1_700_000_000_456L);

    @TempDir
    Path folder = Path.of("");

    @Test
    void whatAWorkerWrites_isReadBack_whileItGrows() throws Exception {
        TraceFile file = TraceFile.create(folder, "w2");
        TraceFolder traces = new TraceFolder(folder);
        file.write(HELD);
        assertThat(traces.read()).singleElement().satisfies(trace -> {
            assertThat(trace.worker()).isEqualTo(1);
            assertThat(trace.sights()).containsExactly(HELD);
        });
        file.write(IDLE);
        assertThat(traces.read().get(0).sights()).containsExactly(HELD, IDLE);
    }

    @Test
    void lineThatAKilledWorkerLeftUnfinished_isWaitedForAndNotMisread() throws Exception {
        Path file = folder.resolve("w1-17.trace");
        Files.writeString(file, HELD.line() + "\n" + "HELD 1700000000200 e2a00845c54f2202 3 4");
        TraceFolder traces = new TraceFolder(folder);
        assertThat(traces.read().get(0).sights()).containsExactly(HELD);
        Files.writeString(file, "2\nnonsense\n", StandardOpenOption.APPEND);
        assertThat(traces.read().get(0).sights()).extracting(Sight::step).containsExactly(41L, 42L);
    }

    @Test
    void gradients_areSummedOverAllProcesses() throws Exception {
        TraceFile one = TraceFile.create(folder, "w1");
        TraceFile other = TraceFile.create(folder, "w2");
        for (int i = 0; i < 300; i++) {
            one.countGradient();
        }
        other.countGradient();
        assertThat(new TraceFolder(folder).gradients()).isEqualTo(301);
    }
}

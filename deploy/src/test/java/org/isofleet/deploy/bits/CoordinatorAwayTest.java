package org.isofleet.deploy.bits;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.isofleet.deploy.launch.LoopbackPort;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The coordinator alone is killed for a minute: step loops do not notice, and what they did meanwhile counts. */
@Tag("slow")
class CoordinatorAwayTest {
    private static final Duration PATIENCE = Duration.ofMinutes(4);
    private static final Duration AWAY = Duration.ofSeconds(60);

    @TempDir
    Path temp = Path.of("");

    @Test
    void killedCoordinator_stopsNoStep() throws Exception {
        Map<String, String> undisturbed;
        try (StudyProcess study = StudyProcess.study(SameBitsTest.file("long.conf"), temp.resolve("quiet"), 2)) {
            undisturbed = study.digests();
        }
        Path folder = Files.createDirectory(temp.resolve("away"));
        int port = LoopbackPort.free();
        try (StudyProcess first = coordinator(folder, port)) {
            await().atMost(PATIENCE).until(() -> Files.exists(folder.resolve("coordinator.port")));
            try (StudyProcess w1 = worker(folder, port, "w1");
                    StudyProcess w2 = worker(folder, port, "w2")) {
                await().atMost(PATIENCE).until(() -> first.newestStepOnDisk() >= 2_000);
                StudyProcess.kill(first.process().toHandle());
                int generations = generations(first);
                long atDeath = first.newestStepOnDisk();
                await().during(AWAY)
                        .atMost(AWAY.plusSeconds(10))
                        .until(() -> w1.process().isAlive());
                assertThat(first.newestStepOnDisk()).isGreaterThan(atDeath + 2_000);
                try (StudyProcess second = coordinator(folder, port)) {
                    assertThat(second.digests()).isEqualTo(undisturbed);
                    assertThat(second.events("read the checkpoint")).isEmpty();
                    assertThat(generations(second)).isEqualTo(generations);
                }
                assertThat(w2.process().isAlive()).isTrue();
                assertThat(first.told())
                        .contains("isofleet worker --coordinator 127.0.0.1:" + port + " --secret-file "
                                + folder.resolve("secret"));
            }
        }
    }

    /** How many were begun, of which a worker that came late had the run begin another. */
    private static int generations(StudyProcess study) {
        return study.events("run-changed", "FORMING").size();
    }

    private static StudyProcess coordinator(Path folder, int port) throws IOException {
        return StudyProcess.start(
                folder,
                Map.of(),
                "coordinator",
                SameBitsTest.file("long.conf").toString(),
                "--json",
                "--out",
                folder.toString(),
                "--port",
                Integer.toString(port));
    }

    private static StudyProcess worker(Path folder, int port, String id) throws IOException {
        return StudyProcess.start(
                folder,
                Map.of("OMP_NUM_THREADS", "1", "OPENBLAS_NUM_THREADS", "1"),
                "worker",
                "--id",
                id,
                "--coordinator",
                "127.0.0.1:" + port,
                "--secret-file",
                folder.resolve("secret").toString());
    }
}

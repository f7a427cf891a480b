package org.isofleet.deploy.bits;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A disk that fills up while a study trains: the coordinator goes, comes back by itself once there is room, and nothing else happens. */
@Tag("slow")
class FullDiskTest {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final String STUDY = """
            name = tiny
            images { location = "embedded:noto", levels = 32, resolutions = [16] }
            budgets = [2e10]
            models = ["2x8", "2x10"]
            batch = 2
            optimizer { learning-rate = 0.025, beta2 = 0.99 }
            limits { max-epochs = 9, fit-min-steps = 50, min-steps = 50 }
            checkpoint-every = 50
            evaluation { kinds = [held-out-loss], held-out-images = 32 }
            """;

    @TempDir
    Path temp = Path.of("");

    @Test
    void study_whoseDiskFillsUp_waitsForRoomAndGoesOn_withTheSameBits() throws Exception {
        Path mountPoint = Files.createDirectory(temp.resolve("disk"));
        try (SmallDisk disk = SmallDisk.mount(mountPoint, "160m")) {
            Process study = start("full", disk.within(study(mountPoint.resolve("study"))));
            try {
                Path events = disk.seen("study/events.jsonl");
                await().atMost(PATIENCE).until(() -> !study.isAlive() || says(events, "checkpoint-committed"));
                await().atMost(PATIENCE).until(() -> {
                    disk.fill();
                    return !study.isAlive() || told("full").contains("is full: the coordinator is away until");
                });
                disk.free();
                assertThat(study.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS))
                        .isTrue();
                assertThat(study.exitValue()).as(told("full")).isZero();
                assertThat(told("full").lines().filter(line -> line.contains("has room again")))
                        .as(told("full"))
                        .hasSize(1);
                assertThat(Files.readString(events))
                        .as("the worker trains on in its generation")
                        .doesNotContain("read the checkpoint", "\"generation\":2");
            } finally {
                end(study);
            }
        }
        Process quiet = start("quiet", study(temp.resolve("quiet")));
        try {
            assertThat(quiet.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        } finally {
            end(quiet);
        }
        assertThat(digests("full")).hasSize(2).isEqualTo(digests("quiet"));
    }

    private List<String> study(Path folder) throws IOException {
        return PackedProgram.command(
                List.of("-Xmx1g"),
                List.of(
                        "study",
                        Files.writeString(temp.resolve("tiny.conf"), STUDY).toString(),
                        "--json",
                        "--local",
                        "1",
                        "--out",
                        folder.toString()));
    }

    private Process start(String name, List<String> command) throws IOException {
        return new ProcessBuilder(command)
                .redirectOutput(temp.resolve(name + ".out").toFile())
                .redirectError(temp.resolve(name + ".err").toFile())
                .start();
    }

    private String told(String name) throws IOException {
        return Files.readString(temp.resolve(name + ".err"));
    }

    private Map<String, String> digests(String name) throws IOException {
        Map<String, String> digests = new TreeMap<>();
        for (JsonNode run : new ObjectMapper()
                .readTree(temp.resolve(name + ".out").toFile())
                .get("runs")) {
            assertThat(run.has("digest")).as("%s%n%s", run, told(name)).isTrue();
            digests.put(run.get("id").asText(), run.get("digest").asText());
        }
        return digests;
    }

    private static boolean says(Path log, String word) throws IOException {
        return Files.exists(log) && Files.readString(log).contains(word);
    }

    private static void end(Process process) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
    }
}

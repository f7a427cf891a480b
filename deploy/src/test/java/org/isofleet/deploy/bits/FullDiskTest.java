package org.isofleet.deploy.bits;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.isofleet.deploy.cli.Isofleet;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A disk that fills up while a study trains: the command ends in one line, and the same command goes on once there is room. */
@Tag("slow")
class FullDiskTest {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final String STUDY = """
            name = tiny
            images { location = "embedded:noto", levels = 32, resolutions = [16] }
            budgets = [8e9]
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
    void study_whoseDiskFillsUp_endsInOneLineAndGoesOnWithRoom() throws Exception {
        Path mountPoint = Files.createDirectory(temp.resolve("disk"));
        Path conf = Files.writeString(temp.resolve("tiny.conf"), STUDY);
        try (SmallDisk disk = SmallDisk.mount(mountPoint, "64m")) {
            List<String> command = disk.within(List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-XX:+UseSerialGC",
                    "-Xmx1g",
                    "-cp",
                    PackedProgram.classPath(),
                    Isofleet.class.getName(),
                    "study",
                    conf.toString(),
                    "--json",
                    "--local",
                    "1",
                    "--out",
                    mountPoint.resolve("study").toString()));

            Process full = start(command, "full");
            try {
                Path events = disk.seen("study/events.jsonl");
                await().atMost(PATIENCE).until(() -> !full.isAlive() || says(events, "checkpoint-committed"));
                await().atMost(PATIENCE).until(() -> {
                    disk.fill();
                    return !full.isAlive();
                });
            } finally {
                end(full);
            }
            List<String> lines = Files.readAllLines(temp.resolve("full.err"));
            assertThat(lines.stream().filter(line -> line.startsWith("isofleet: ")))
                    .as(String.join("\n", lines))
                    .singleElement()
                    .asString()
                    .contains("the disk is full; free space and start the same command again");
            assertThat(full.exitValue()).isEqualTo(2);

            disk.free();
            Process resumed = start(command, "resumed");
            try {
                assertThat(resumed.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS))
                        .isTrue();
            } finally {
                end(resumed);
            }
            assertThat(resumed.exitValue())
                    .as(Files.readString(temp.resolve("resumed.err")))
                    .isZero();
            assertThat(new ObjectMapper()
                            .readTree(temp.resolve("resumed.out").toFile())
                            .get("runs"))
                    .hasSize(2)
                    .allSatisfy(run -> assertThat(run.get("state").asText()).isEqualTo("done"));
        }
    }

    private Process start(List<String> command, String name) throws IOException {
        return new ProcessBuilder(command)
                .redirectOutput(temp.resolve(name + ".out").toFile())
                .redirectError(temp.resolve(name + ".err").toFile())
                .start();
    }

    private static boolean says(Path log, String word) throws IOException {
        return Files.exists(log) && Files.readString(log).contains(word);
    }

    private static void end(Process process) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
    }
}

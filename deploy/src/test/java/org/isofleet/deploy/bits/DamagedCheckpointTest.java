package org.isofleet.deploy.bits;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A disk that has lost a bit of the newest checkpoint costs the steps since the one before, and a warning. */
@Tag("slow")
class DamagedCheckpointTest {
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    @TempDir
    Path temp = Path.of("");

    @Test
    void damagedNewestCheckpoint_isReplacedByTheOneBefore() throws Exception {
        Path file = SameBitsTest.file("short.conf");
        Path folder = temp.resolve("study");
        Path newest;
        try (StudyProcess study = StudyProcess.study(file, folder, 2)) {
            await().atMost(PATIENCE)
                    .until(() -> study.events("checkpoint-committed").size() >= 2);
            study.killEverything();
            newest = newest(folder);
        }
        flipAByte(newest.resolve("parameters.safetensors"));
        try (StudyProcess again = StudyProcess.study(file, folder, 2)) {
            assertThat(again.digests()).hasSize(2);
            long step = Long.parseLong(newest.getFileName().toString().split("-")[1]);
            assertThat(again.events("warning", "checkpoint of step " + step + " is damaged"))
                    .isNotEmpty();
        }
        try (Stream<Path> left = Files.list(newest.resolveSibling(""))) {
            assertThat(left.map(path -> path.getFileName().toString())).anyMatch(name -> name.startsWith(".damaged"));
        }
    }

    /** Of the only run that has been trained so far. */
    private static Path newest(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder.resolve("checkpoints"), 2)) {
            List<Path> checkpoints = all.filter(
                            path -> path.getFileName().toString().startsWith("step-"))
                    .sorted(Comparator.comparing(path -> path.getFileName().toString()))
                    .toList();
            return checkpoints.get(checkpoints.size() - 1);
        }
    }

    private static void flipAByte(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            ByteBuffer one = ByteBuffer.allocate(1);
            long at = channel.size() - 1000;
            channel.read(one, at);
            one.put(0, (byte) (one.get(0) ^ 1)).flip();
            channel.write(one, at);
        }
    }
}

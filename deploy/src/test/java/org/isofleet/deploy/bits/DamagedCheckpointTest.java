package org.isofleet.deploy.bits;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
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
        Path file = Files.writeString(
                temp.resolve("one.conf"),
                Files.readString(SameBitsTest.file("short.conf"))
                        .replace(", \"2x12\"", "")
                        .replace("3e10", "1.5e10"));
        Map<String, String> undisturbed;
        try (StudyProcess quiet = StudyProcess.study(file, temp.resolve("quiet"), 2)) {
            undisturbed = quiet.digests();
        }
        Path folder = temp.resolve("study");
        List<Path> damaged;
        try (StudyProcess study = StudyProcess.study(file, folder, 2)) {
            await().atMost(PATIENCE)
                    .until(() -> study.events("checkpoint-committed").size() >= 2);
            study.killEverything();
            // What was written after the last event may be in the journal already.
            damaged = checkpoints(folder, lastCommitted(study));
        }
        for (Path checkpoint : damaged) {
            flipAByte(checkpoint.resolve("parameters.safetensors"));
        }
        try (StudyProcess again = StudyProcess.study(file, folder, 2)) {
            assertThat(again.digests()).hasSize(1).isEqualTo(undisturbed);
            assertThat(again.events("warning", "no longer counts")).isNotEmpty();
        }
    }

    private static long lastCommitted(StudyProcess study) throws IOException {
        List<String> events = study.events("checkpoint-committed");
        return new ObjectMapper()
                .readTree(events.get(events.size() - 1))
                .path("checkpoint")
                .path("step")
                .asLong();
    }

    /** Checkpoints of the only run from a step on. */
    private static List<Path> checkpoints(Path folder, long from) throws IOException {
        try (Stream<Path> all = Files.walk(folder.resolve("checkpoints"), 2)) {
            return all.filter(path -> path.getFileName().toString().startsWith("step-"))
                    .filter(path -> Long.parseLong(path.getFileName().toString().split("-")[1]) >= from)
                    .toList();
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

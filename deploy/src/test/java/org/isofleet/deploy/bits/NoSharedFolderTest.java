package org.isofleet.deploy.bits;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Workers that do not see the study folder: the coordinator's mark is taken away before they start. */
@Tag("slow")
class NoSharedFolderTest {
    private static final Duration PATIENCE = Duration.ofMinutes(4);

    @TempDir
    Path temp = Path.of("");

    @Test
    void workersOfOtherMachines_dieAndRestart_withTheSameBits() throws Exception {
        Path study = Files.writeString(
                temp.resolve("one.conf"),
                Files.readString(SameBitsTest.file("short.conf"))
                        .replace(", \"2x12\"", "")
                        .replace("3e10", "1.5e10"));
        Map<String, String> undisturbed;
        try (StudyProcess quiet = StudyProcess.study(study, temp.resolve("quiet"), 2)) {
            undisturbed = quiet.digests();
        }
        Path folder = Files.createDirectory(temp.resolve("apart"));
        try (StudyProcess coordinator = coordinator(study, folder);
                StudyProcess w1 = worker(folder, "w1");
                StudyProcess w2 = worker(folder, "w2")) {
            await().atMost(PATIENCE)
                    .until(() -> !coordinator.events("checkpoint-committed").isEmpty());
            StudyProcess.kill(w2.process().toHandle());
            StudyProcess.kill(coordinator.process().toHandle());
            StudyProcess.kill(w1.process().toHandle());
            assertThat(w1.told()).contains("through its depot");
        }
        try (StudyProcess coordinator = coordinator(study, folder);
                StudyProcess w1 = worker(folder, "w1");
                StudyProcess w2 = worker(folder, "w2")) {
            assertThat(coordinator.digests()).isEqualTo(undisturbed);
            assertThat(coordinator.events("read the checkpoint")).isNotEmpty();
            assertThat(w1.told() + w2.told()).contains("through its depot");
            assertThat(coordinator.checkpointsOnDisk()).hasSize(2).allMatch(name -> name.startsWith("step-"));
        }
    }

    private static StudyProcess coordinator(Path study, Path folder) throws IOException {
        List<Path> before = marks(folder);
        Files.deleteIfExists(folder.resolve("coordinator.port"));
        StudyProcess process = StudyProcess.start(
                folder, Map.of(), "coordinator", study.toString(), "--json", "--out", folder.toString());
        await().atMost(PATIENCE).until(() -> Files.exists(folder.resolve("coordinator.port")));
        for (Path mark : marks(folder)) {
            Files.delete(mark);
        }
        assertThat(before).isEmpty();
        return process;
    }

    private static List<Path> marks(Path folder) {
        Path checkpoints = folder.resolve("checkpoints");
        if (!Files.exists(checkpoints)) {
            return List.of();
        }
        try (Stream<Path> all = Files.list(checkpoints)) {
            return all.filter(path -> path.getFileName().toString().startsWith(".coordinator-"))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static StudyProcess worker(Path folder, String id) throws IOException {
        return StudyProcess.start(
                folder,
                Map.of("OMP_NUM_THREADS", "1", "OPENBLAS_NUM_THREADS", "1", "ISOFLEET_LOG", "INFO"),
                "worker",
                "--id",
                id,
                "--coordinator",
                "127.0.0.1:"
                        + Files.readString(folder.resolve("coordinator.port")).strip(),
                "--secret-file",
                folder.resolve("secret").toString());
    }
}

package org.isofleet.deploy.bits;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.isofleet.worker.data.PackedFolder;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The first promise, in real processes: whoever dies, the parameters are byte for byte those of an undisturbed run. */
@Tag("slow")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SameBitsTest {
    private static final Duration PATIENCE = Duration.ofMinutes(4);

    @TempDir
    static Path temp = Path.of("");

    private Map<String, String> undisturbed = Map.of();

    @BeforeAll
    void runUndisturbed() throws Exception {
        try (StudyProcess study = StudyProcess.study(file("short.conf"), temp.resolve("quiet"), 2)) {
            undisturbed = study.digests();
            assertThat(undisturbed).hasSize(2);
            assertThat(study.events("run-changed", "TRAINING", "\"w1\",\"w2\"")).isNotEmpty();
        }
    }

    @Test
    void oneWorker_givesTheSameBitsAsTwo() throws Exception {
        try (StudyProcess study = StudyProcess.study(file("short.conf"), temp.resolve("single"), 1)) {
            assertThat(study.digests()).isEqualTo(undisturbed);
        }
    }

    /** Study file, images and study folder are carried elsewhere, as to another machine, when everything was killed. */
    @Test
    void packedImages_giveTheSameBitsAsTheirSource_alsoWhenAllIsMoved() throws Exception {
        Path here = Files.createDirectory(temp.resolve("here"));
        PackedFolder.pack("embedded:noto", List.of(16), here.resolve("images"));
        Files.writeString(
                here.resolve("packed.conf"),
                Files.readString(file("short.conf")).replace("embedded:noto", "images"));
        try (StudyProcess study = StudyProcess.study(here.resolve("packed.conf"), here.resolve("study"), 2)) {
            awaitCheckpointOfTwo(study);
            study.killEverything();
        }
        Path there = Files.move(here, temp.resolve("there"));
        try (StudyProcess again = StudyProcess.study(there.resolve("packed.conf"), there.resolve("study"), 2)) {
            assertThat(again.digests().values()).containsExactlyInAnyOrderElementsOf(undisturbed.values());
            assertThat(again.events("read the checkpoint")).isNotEmpty();
        }
    }

    /** The first member writes the checkpoints and tells the end; the other one does neither. */
    @ParameterizedTest
    @ValueSource(strings = {"w1", "w2"})
    void killedWorker_isReplacedWithoutReadingACheckpoint(String killed) throws Exception {
        Path folder = temp.resolve("killed-" + killed);
        try (StudyProcess study = StudyProcess.study(file("short.conf"), folder, 2, "--log-format", "json")) {
            awaitCheckpointOfTwo(study);
            StudyProcess.kill(study.worker(killed).orElseThrow());
            assertThat(study.digests()).isEqualTo(undisturbed);
            assertThat(study.events("worker-lost", killed)).isNotEmpty();
            assertThat(study.events("run-changed", "\"generation\":2")).isNotEmpty();
            assertThat(study.events("read the checkpoint")).isEmpty();
        }
        String survivor = killed.equals("w1") ? "w2" : "w1";
        assertThat(Files.readAllLines(folder.resolve("logs/" + survivor + ".log")))
                .filteredOn(line -> line.contains(" lost " + killed))
                .isNotEmpty()
                .allSatisfy(line -> {
                    JsonNode about = new ObjectMapper().readTree(line).path("mdc");
                    assertThat(about.path("run").asText()).hasSize(16);
                    assertThat(about.path("generation").asText()).matches("[1-9][0-9]*");
                });
    }

    /** A machine that swaps or is suspended: taken for dead, gone on without, and back with a past generation in its memory. */
    @ParameterizedTest
    @ValueSource(strings = {"w1", "w2"})
    void pausedWorker_isGoneOnWithout_andRejoins(String paused) throws Exception {
        try (StudyProcess study = StudyProcess.study(file("short.conf"), temp.resolve("paused-" + paused), 2)) {
            awaitCheckpointOfTwo(study);
            ProcessHandle worker = study.worker(paused).orElseThrow();
            StudyProcess.signal("STOP", worker);
            await().atMost(PATIENCE)
                    .until(() -> !study.events("worker-lost", paused).isEmpty());
            int before = study.events("checkpoint-committed").size();
            await().atMost(PATIENCE)
                    .until(() -> study.events("checkpoint-committed").size() > before);
            int trained = study.events("run-changed", "TRAINING", paused).size();
            StudyProcess.signal("CONT", worker);
            await().atMost(PATIENCE)
                    .until(() -> study.events("run-changed", "TRAINING", paused).size() > trained);
            assertThat(study.worker(paused)).as("the same process").contains(worker);
            assertThat(study.digests()).isEqualTo(undisturbed);
            assertThat(study.events("read the checkpoint")).isEmpty();
        }
    }

    /** A worker that gets SIGTERM hands its shards over to its peer, and one that nobody needs any more just ends. */
    @Test
    void drainedWorker_handsOver_andNoStateIsLost() throws Exception {
        try (CoordinatorProcesses cluster = new CoordinatorProcesses(file("short.conf"), temp.resolve("drained"), 1)) {
            StudyProcess coordinator = cluster.coordinator(0);
            await().atMost(PATIENCE)
                    .until(() -> Files.exists(temp.resolve("drained").resolve("coordinator.port")));
            StudyProcess w1 = cluster.worker("w1");
            StudyProcess w2 = cluster.worker("w2");
            awaitCheckpointOfTwo(coordinator);
            drain(w1);
            assertThat(coordinator.events("run-changed", "worker w1 is given back"))
                    .isNotEmpty();
            assertThat(coordinator.digests()).isEqualTo(undisturbed);
            assertThat(coordinator.events("read the checkpoint")).isEmpty();
            assertThat(coordinator.events("run-changed", "was lost")).isEmpty();
            drain(w2);
        }
    }

    private static void drain(StudyProcess worker) throws Exception {
        StudyProcess.signal("TERM", worker.process().toHandle());
        assertThat(worker.process().waitFor(20, TimeUnit.SECONDS)).as("it ends").isTrue();
        assertThat(worker.process().exitValue()).isZero();
    }

    @Test
    void everythingKilled_goesOnWhereItWas() throws Exception {
        Path folder = temp.resolve("everything");
        try (StudyProcess study = StudyProcess.study(file("short.conf"), folder, 2)) {
            awaitCheckpointOfTwo(study);
            study.killEverything();
        }
        try (StudyProcess again = StudyProcess.study(file("short.conf"), folder, 2)) {
            assertThat(again.digests()).isEqualTo(undisturbed);
            assertThat(again.events("read the checkpoint")).isNotEmpty();
            assertThat(again.checkpointsOnDisk()).hasSize(4).allMatch(name -> name.startsWith("step-"));
        }
        assertThat(EventFiles.steps(folder, "loss/train"))
                .isNotEmpty()
                .allSatisfy(steps ->
                        assertThat(steps).hasSizeGreaterThan(10).isSorted().doesNotHaveDuplicates());
        assertThat(EventFiles.steps(folder, "loss/held_out"))
                .allSatisfy(steps -> assertThat(steps).hasSize(1));
    }

    @Test
    void secondStartOnOneFolder_isRefusedInOneLine() throws Exception {
        Path folder = temp.resolve("twice");
        try (StudyProcess study = StudyProcess.study(file("short.conf"), folder, 1)) {
            await().atMost(PATIENCE).until(() -> !study.events("run-changed").isEmpty());
            try (StudyProcess second = StudyProcess.study(file("short.conf"), folder, 1)) {
                assertThat(second.process().waitFor()).isEqualTo(2);
                assertThat(second.told().lines()).hasSize(1).first().asString().contains("twice");
            }
            assertThat(study.process().isAlive()).isTrue();
        }
    }

    private static void awaitCheckpointOfTwo(StudyProcess study) {
        await().atMost(PATIENCE)
                .until(() -> !study.events("run-changed", "TRAINING", "\"w1\",\"w2\"")
                        .isEmpty());
        int before = study.events("checkpoint-committed").size();
        await().atMost(PATIENCE)
                .until(() -> study.events("checkpoint-committed").size() > before + 1);
    }

    static Path file(String name) throws IOException {
        try {
            return Path.of(
                    Objects.requireNonNull(SameBitsTest.class.getResource(name)).toURI());
        } catch (URISyntaxException e) {
            throw new IOException(e);
        }
    }
}

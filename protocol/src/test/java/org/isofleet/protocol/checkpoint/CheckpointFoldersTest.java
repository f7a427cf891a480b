package org.isofleet.protocol.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.isofleet.protocol.group.CheckpointRef;
import org.isofleet.protocol.study.RunId;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointFoldersTest {
    private static final RunId RUN = new RunId("00000000000000aa");

    @TempDir
    Path root;

    private CheckpointFolders folders = new CheckpointFolders(Path.of(""));

    @BeforeEach
    void open() {
        folders = new CheckpointFolders(root);
    }

    private CheckpointRef write(long step, long generation) throws IOException {
        CheckpointRef reference = CheckpointFolders.reference(RUN, step, sha256("parameters " + step));
        try (TemporaryFolder temporary = folders.begin(RUN)) {
            fill(temporary, step, generation);
            folders.publish(temporary, reference);
        }
        return reference;
    }

    private static void fill(TemporaryFolder temporary, long step, long generation) throws IOException {
        String parameters = "parameters " + step;
        String moments = "moments " + step;
        Files.write(temporary.path().resolve(CheckpointFolders.PARAMETERS), tensors(parameters));
        Files.write(temporary.path().resolve(CheckpointFolders.MOMENTS), tensors(moments));
        temporary.complete(
                ManifestSeal.seal("""
                {"runId": "%s", "step": %d, "generation": %d, "sha256": {"parameters": "%s", "moments": "%s"}}
                """.formatted(RUN.value(), step, generation, sha256(parameters), sha256(moments))
                        .getBytes(StandardCharsets.UTF_8)));
    }

    /** A safetensors file with an empty header and data that is a text. */
    private static byte[] tensors(String data) {
        byte[] bytes = data.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(10 + bytes.length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(2)
                .put((byte) '{')
                .put((byte) '}')
                .put(bytes)
                .array();
    }

    private static String sha256(String text) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private List<String> names() {
        try (Stream<Path> all = Files.list(root.resolve(RUN.value()))) {
            return all.map(path -> path.getFileName().toString())
                    .filter(name -> !name.equals("counting"))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String[] named(CheckpointRef... checkpoints) {
        return Stream.of(checkpoints).map(CheckpointRef::folder).toArray(String[]::new);
    }

    @Test
    void collection_keepsWhatTheJournalNeedsAndWhatIsNewer() throws IOException {
        write(10, 1);
        CheckpointRef twenty = write(20, 1);
        write(30, 1); // written, and never committed
        CheckpointRef forty = write(40, 1);
        CheckpointRef fifty = write(50, 1);
        folders.collect(RUN, 1, List.of(twenty, forty));
        assertThat(names()).containsExactly(named(twenty, forty, fifty));
        folders.collect(RUN, 1, List.of(twenty, forty));
        assertThat(names()).containsExactly(named(twenty, forty, fifty));
        assertThat(folders.list(RUN, 45)).containsExactly(forty, twenty);
    }

    @Test
    void collection_withNothingToKeep_deletesNoCheckpoint() throws IOException {
        CheckpointRef ten = write(10, 1);
        folders.collect(RUN, 1, List.of());
        folders.collect(new RunId("00000000000000bb"), 1, List.of(ten));
        assertThat(names()).containsExactly(named(ten));
    }

    @Test
    void zombieOfAnOlderGeneration_deletesNothingOfANewerOne() throws IOException {
        CheckpointRef lost = CheckpointFolders.reference(RUN, 40, sha256("lost"));
        CheckpointRef ten = write(10, 2); // the run has gone back and is trained again
        CheckpointRef twenty = write(20, 2);
        folders.collect(RUN, 1, List.of(lost));
        assertThat(names()).containsExactly(named(ten, twenty));
        folders.collect(RUN, 2, List.of(twenty));
        assertThat(names()).containsExactly(named(twenty));
    }

    /** What a journal that was restored from an older copy may take for its own. */
    @Test
    void whatCounts_isWhatWasNotedLast_byTheNewestGeneration() throws IOException {
        assertThat(folders.counting(RUN)).isEmpty();
        CheckpointRef ten = write(10, 1);
        write(20, 1);
        assertThat(folders.counting(RUN)).as("nobody has agreed on them").isEmpty();
        folders.collect(RUN, 2, List.of(ten));
        assertThat(folders.counting(RUN)).containsExactly(ten);
        CheckpointRef thirty = write(30, 2);
        folders.collect(RUN, 2, List.of(ten, thirty));
        assertThat(folders.counting(RUN)).containsExactly(thirty, ten);
        folders.collect(RUN, 1, List.of());
        assertThat(folders.counting(RUN)).containsExactly(thirty, ten);
        Files.writeString(root.resolve(RUN.value()).resolve("counting"), "");
        assertThat(folders.counting(RUN)).isEmpty();
        folders.collect(RUN, 2, List.of(thirty));
        assertThat(folders.counting(RUN)).containsExactly(thirty);
    }

    @Test
    void damagedCheckpoint_isMovedAsideAndCollected() throws IOException {
        CheckpointRef ten = write(10, 1);
        Files.write(folders.folder(ten).resolve(CheckpointFolders.MOMENTS), tensors("other moments"));
        assertThat(write(10, 1)).isEqualTo(ten);
        assertThat(names()).hasSize(2).anyMatch(name -> name.startsWith(".damaged-"));
        folders.collect(RUN, 1, List.of(ten));
        assertThat(names()).containsExactly(named(ten));
    }

    @Test
    void manifestThatIsDamagedInOneFigure_isNotBelieved() throws IOException {
        CheckpointRef ten = write(10, 1);
        CheckpointRef twenty = write(20, 1);
        Path manifest = folders.folder(ten).resolve(CheckpointFolders.MANIFEST);
        String whole = Files.readString(manifest);
        Files.writeString(manifest, whole.replace("\"step\": 10", "\"step\": 18"));
        assertThat(folders.list(RUN, 20)).containsExactly(twenty);
        folders.collect(RUN, 1, List.of(twenty)); // it may be one of a later generation
        assertThat(names()).containsExactly(named(ten, twenty));
        write(10, 1);
        assertThat(manifest).hasContent(whole);
    }

    @Test
    void wholeCheckpoint_isNeverReplaced() throws IOException {
        CheckpointRef ten = write(10, 1);
        write(10, 2);
        assertThat(Files.readString(folders.folder(ten).resolve(CheckpointFolders.MANIFEST)))
                .contains("\"generation\": 1");
        assertThat(names()).containsExactly(named(ten));
    }

    @Test
    void folderThatThisProcessWrites_isLeftAlone() throws IOException {
        try (TemporaryFolder writing = folders.begin(RUN)) {
            fill(writing, 10, 1);
            folders.collect(RUN, 2, List.of());
            CheckpointRef ten = CheckpointFolders.reference(RUN, 10, sha256("parameters 10"));
            folders.publish(writing, ten);
            assertThat(names()).containsExactly(named(ten));
        }
        assertThat(names()).hasSize(1);
    }

    @Test
    void folderOfAnotherProcess_isCollectedOnlyOnceThatHasDied() throws Exception {
        Process writer = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        HangingWriter.class.getName(),
                        root.toString(),
                        RUN.value())
                .redirectErrorStream(true)
                .redirectOutput(root.resolve("writer.log").toFile())
                .start();
        try {
            await().atMost(30, TimeUnit.SECONDS)
                    .until(() -> Files.readString(root.resolve("writer.log")).contains(HangingWriter.READY));
            assertThat(names()).singleElement().asString().startsWith(".writing-");
            folders.collect(RUN, 5, List.of());
            assertThat(names()).hasSize(1);
        } finally {
            writer.destroyForcibly().waitFor();
        }
        folders.collect(RUN, 5, List.of());
        assertThat(names()).isEmpty();
    }

    @Test
    void folderThatIsDeletedWhileItIsWritten_neverGetsItsName() throws IOException {
        try (TemporaryFolder writing = folders.begin(RUN)) {
            fill(writing, 10, 1);
            Files.move(writing.path(), writing.path().resolveSibling(".deleting-1"));
            CheckpointRef ten = CheckpointFolders.reference(RUN, 10, sha256("parameters 10"));
            assertThatThrownBy(() -> folders.publish(writing, ten)).isInstanceOf(IOException.class);
        }
        folders.collect(RUN, 1, List.of());
        assertThat(names()).isEmpty();
    }
}

package org.isofleet.worker.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.DoubleNode;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.isofleet.protocol.checkpoint.CheckpointFolders;
import org.isofleet.protocol.group.CheckpointRef;
import org.isofleet.protocol.study.RunSpec;
import org.isofleet.worker.engine.FlatVector;
import org.isofleet.worker.engine.ParameterLayout;
import org.isofleet.worker.train.SmallRuns;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class CheckpointStoreTest {
    private static final RunSpec SPEC = Snapshots.SPEC;
    private static final int LENGTH = Snapshots.LENGTH;

    @TempDir
    Path root;

    private CheckpointStore store() {
        return new CheckpointStore(root);
    }

    private CheckpointRef write(Snapshot snapshot) throws IOException {
        StateDigests digests = snapshot.digests();
        return store().write(snapshot, digests, DigestChain.EMPTY.next(snapshot.step(), digests));
    }

    private static byte[] bytes(FlatVector vector) {
        byte[] bytes = new byte[LENGTH * 4];
        vector.bytes(0, LENGTH).get(bytes);
        return bytes;
    }

    @Test
    void checkpoint_writtenAndLoaded_isTheSame() throws IOException {
        Snapshot snapshot = Snapshots.of(10);
        CheckpointRef reference = write(snapshot);
        Checkpoint checkpoint = store().open(reference);
        FlatVector parameters = FlatVector.zeros(LENGTH);
        FlatVector first = FlatVector.zeros(LENGTH);
        FlatVector second = FlatVector.zeros(LENGTH);
        checkpoint.loadParameters(parameters);
        checkpoint.loadMoments(first, second);

        assertThat(bytes(parameters)).isEqualTo(bytes(snapshot.parameters()));
        assertThat(bytes(first)).isEqualTo(bytes(snapshot.first()));
        assertThat(bytes(second)).isEqualTo(bytes(snapshot.second()));
        assertThat(checkpoint.manifest().spec()).isEqualTo(SPEC);
        assertThat(checkpoint.manifest().generation()).isEqualTo(2);
        assertThat(checkpoint.ledger()).isEqualTo(snapshot.ledger());
        assertThat(checkpoint.chain().step()).isEqualTo(10);
        try (Stream<Path> left = Files.list(root.resolve(SPEC.id().value()))) {
            assertThat(left).hasSize(1);
        }
    }

    /** The format by its description, read without any of our code. */
    @Test
    void parameters_onDisk_areSafetensors() throws Exception {
        Snapshot snapshot = Snapshots.of(10);
        CheckpointRef reference = write(snapshot);
        byte[] file = Files.readAllBytes(store().folder(reference).resolve("parameters.safetensors"));
        int header = (int) ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).getLong();
        JsonNode json = new ObjectMapper().readTree(file, 8, header);
        JsonNode head = json.path("head.1");
        assertThat(head.path("dtype").asText()).isEqualTo("F32");
        assertThat(head.path("shape").toString()).isEqualTo("[16,32]");
        int begin = 8 + header + head.path("data_offsets").path(0).asInt();
        float value = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).getFloat(begin);
        assertThat(value)
                .isEqualTo(snapshot.parameters()
                        .get(ParameterLayout.of(SmallRuns.SHAPE)
                                .tensor("head.1")
                                .offset()));
        byte[] data = Arrays.copyOfRange(file, 8 + header, file.length);
        assertThat(HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(data)))
                .isEqualTo(reference.digest());
    }

    @Test
    void digest_ofFileFolderAndRun_isTheManifests() throws IOException {
        write(Snapshots.of(10));
        CheckpointRef newest = write(Snapshots.of(20));
        ParameterDigest expected = new ParameterDigest(newest.digest(), LENGTH, 20);
        Path folder = store().folder(newest);
        assertThat(ParameterDigest.of(folder)).isEqualTo(expected);
        assertThat(ParameterDigest.of(folder.resolve("parameters.safetensors"))).isEqualTo(expected);
        assertThat(ParameterDigest.of(folder.resolveSibling(""))).isEqualTo(expected);
        Path alone = root.resolve("copy.safetensors");
        Files.copy(folder.resolve("parameters.safetensors"), alone);
        assertThat(ParameterDigest.of(alone)).isEqualTo(expected);
        assertThatThrownBy(() -> ParameterDigest.of(root.resolve("nowhere")))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("does not exist");
    }

    @ParameterizedTest
    @ValueSource(strings = {"flip", "truncate", "empty", "garbage", "huge header", "delete"})
    void file_damaged_isNamedInOneLine(String damage) throws IOException {
        CheckpointRef reference = write(Snapshots.of(10));
        for (String name : List.of("parameters.safetensors", "moments.safetensors")) {
            Path file = store().folder(reference).resolve(name);
            byte[] whole = Files.readAllBytes(file);
            damage(file, damage);
            assertThatThrownBy(() -> store().open(reference).verify())
                    .isInstanceOf(UnreadableCheckpointException.class)
                    .hasMessageContaining(file.toString())
                    .satisfies(e -> assertThat(String.valueOf(e.getMessage())).doesNotContain("\n"));
            assertThatThrownBy(() -> {
                        Checkpoint checkpoint = store().open(reference);
                        FlatVector target = FlatVector.zeros(LENGTH);
                        checkpoint.loadParameters(target);
                        checkpoint.loadMoments(target, FlatVector.zeros(LENGTH));
                    })
                    .isInstanceOf(UnreadableCheckpointException.class);
            Files.write(file, whole);
        }
        store().open(reference).verify();
    }

    private static void damage(Path file, String how) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        switch (how) {
            case "flip" -> bytes[bytes.length - 7] ^= 1;
            case "truncate" -> bytes = Arrays.copyOf(bytes, bytes.length - 4);
            case "empty" -> bytes = new byte[0];
            case "garbage" -> new Random(4).nextBytes(bytes);
            case "huge header" ->
                ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putLong(Long.MAX_VALUE);
            default -> {
                Files.delete(file);
                return;
            }
        }
        Files.write(file, bytes);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{", "[]", "null", "{\"format\":\"other/1\"}"})
    void manifest_damaged_isNamedInOneLine(String content) throws IOException {
        CheckpointRef reference = write(Snapshots.of(10));
        Path manifest = store().folder(reference).resolve("manifest.json");
        Files.writeString(manifest, content);
        assertThatThrownBy(() -> store().open(reference))
                .isInstanceOf(UnreadableCheckpointException.class)
                .hasMessageContaining(manifest.toString());
        assertThat(new CheckpointFolders(this.root).list(SPEC.id(), 100)).isEmpty();
    }

    /** Every field of the manifest and of what lies in it, by its JSON pointer. */
    static List<String> fields() throws IOException {
        Snapshot snapshot = Snapshots.of(10);
        ObjectMapper json = new ObjectMapper();
        return leaves(json.readTree(
                Manifest.of(snapshot, snapshot.digests(), DigestChain.EMPTY).bytes()));
    }

    private static List<String> leaves(JsonNode node) {
        List<String> found = new ArrayList<>();
        node.properties().forEach(field -> {
            if (field.getValue().isObject()) {
                leaves(field.getValue()).forEach(below -> found.add("/" + field.getKey() + below));
            } else {
                found.add("/" + field.getKey());
            }
        });
        return found;
    }

    @ParameterizedTest
    @MethodSource("fields")
    void manifest_withOneOtherValue_isRefused(String field) throws IOException {
        CheckpointRef reference = write(Snapshots.of(10));
        Path manifest = store().folder(reference).resolve("manifest.json");
        ObjectMapper json =
                JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();
        JsonNode root = json.readTree(manifest.toFile());
        json.writeValue(manifest.toFile(), root);
        assertThat(new CheckpointFolders(this.root).list(SPEC.id(), 10))
                .containsExactly(reference); // it is the value, not how it is written
        store().open(reference);

        int last = field.lastIndexOf('/');
        ObjectNode parent = (ObjectNode) root.at(field.substring(0, last));
        parent.set(field.substring(last + 1), other(root.at(field)));
        json.writeValue(manifest.toFile(), root);

        assertThatThrownBy(() -> store().open(reference))
                .isInstanceOf(UnreadableCheckpointException.class)
                .hasMessageContaining(manifest.toString());
        assertThat(new CheckpointFolders(this.root).list(SPEC.id(), 1000)).isEmpty();
    }

    /** A value that may stand where this one stands: a figure more, another digit, the opposite. */
    private static JsonNode other(JsonNode value) {
        if (value.isBoolean()) {
            return BooleanNode.valueOf(!value.booleanValue());
        } else if (value.isNumber()) {
            return value.isIntegralNumber()
                    ? LongNode.valueOf(value.longValue() + 1)
                    : DoubleNode.valueOf(Math.nextUp(value.doubleValue()));
        }
        String text = value.asText();
        char end = text.charAt(text.length() - 1);
        return TextNode.valueOf(text.substring(0, text.length() - 1) + (end == '0' ? '1' : '0'));
    }

    @Test
    void sameStepAgain_keepsTheWholeOneAndReplacesADamagedOne() throws IOException {
        CheckpointRef reference = write(Snapshots.of(10));
        assertThat(write(Snapshots.of(10))).isEqualTo(reference);
        damage(store().folder(reference).resolve("parameters.safetensors"), "flip");
        assertThat(write(Snapshots.of(10))).isEqualTo(reference);
        store().open(reference).verify();
        assertThat(new CheckpointFolders(this.root).list(SPEC.id(), 100)).containsExactly(reference);
    }

    @Test
    void chain_overCheckpoints_dependsOnAllAndTakesEachOnce() {
        StateDigests ten = Snapshots.of(10).digests();
        StateDigests twenty = Snapshots.of(20).digests();
        DigestChain chain = DigestChain.EMPTY.next(10, ten).next(20, twenty);
        assertThat(chain.next(20, twenty)).isEqualTo(chain);
        assertThat(DigestChain.EMPTY.next(20, twenty).digest()).isNotEqualTo(chain.digest());
    }
}

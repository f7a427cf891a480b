package org.isofleet.deploy.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.isofleet.deploy.study.StudySource;
import org.isofleet.worker.data.ImageSet.Split;
import org.isofleet.worker.data.PackedSetWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files that a command is given and that are missing, cut, damaged or others: named in one line, and nothing is written. */
class BadFilesTest {
    private static final String STUDY = """
            name = tiny
            images { location = "%s", levels = 32, resolutions = [16] }
            budgets = [3e10]
            models = ["2x8"]
            batch = 2
            optimizer { %s }
            limits { max-epochs = 999 }
            """;
    private static final String RATE = "learning-rate = 0.025, beta2 = 0.99";

    @TempDir
    Path temp = Path.of("");

    @Test
    void packedImages_thatAreWhole_arePlanned() throws IOException {
        assertThat(Isofleet.run("plan", study(images().toString(), RATE).toString()))
                .isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"missing", "cut", "empty", "no shard", "index damaged"})
    void shardOfImages_thatIs_isNamed(String damage) throws IOException {
        Path images = images();
        Path shard = files(images, ".shard").get(0);
        damage(shard, damage);
        refused(List.of(shard.toString(), "again"), "plan", study(images.toString(), RATE));
    }

    @Test
    void manifestOfImages_thatIsAnother_isNamed() throws IOException {
        Path images = images();
        Path manifest = files(images, ".json").get(0);
        String text = Files.readString(manifest);
        String digest = text.replaceAll("(?s).*\"sha256\" *: *\"([0-9a-f]{64})\".*", "$1");
        Path study = study(images.toString(), RATE);
        Files.writeString(manifest, text.replace(digest, "0".repeat(64)));
        refused(List.of(images.toString(), "SHA-256"), "plan", study);
        Files.writeString(manifest, "{ nothing");
        refused(List.of(manifest.toString()), "plan", study);
        Files.delete(manifest);
        refused(List.of(images.toString()), "plan", study);
    }

    @Test
    void imagesOfAnotherResolution_areNamedWithTheMend() throws IOException {
        Path study = study(images().toString(), RATE);
        Files.writeString(study, Files.readString(study).replace("[16]", "[32]"));
        refused(List.of("images of 32 pixels", "isofleet data pack"), "plan", study);
    }

    @Test
    void idxFile_thatIsMissingCutOrAnother_isNamed() throws IOException {
        Path folder = Files.createDirectory(temp.resolve("idx"));
        idx(folder.resolve("train-images-idx3-ubyte"), 0x0803, new byte[300 * 28 * 28], 300, 28, 28);
        idx(folder.resolve("train-labels-idx1-ubyte"), 0x0801, new byte[300], 300);
        idx(folder.resolve("t10k-images-idx3-ubyte"), 0x0803, new byte[100 * 28 * 28], 100, 28, 28);
        Path study = study(folder.toString(), RATE);
        Files.writeString(study, Files.readString(study).replace("levels", "channels = 1, levels"));
        Path labels = folder.resolve("t10k-labels-idx1-ubyte");
        refused(List.of(labels.toString(), "is missing; fetch it"), "plan", study);
        idx(labels, 0x0801, new byte[50], 100);
        refused(List.of(labels.toString(), "is cut short; fetch it again"), "plan", study);
        idx(labels, 0x0803, new byte[100], 100);
        refused(List.of(labels.toString(), "is no IDX file of labels", "fetch it again"), "plan", study);
    }

    @Test
    void tuning_thatIsMissingDamagedOrAnother_isNamed() throws IOException {
        String sha = "0123456789abcdef".repeat(4);
        Path study = study("embedded:noto", "tuning { file = t.json, sha256 = \"" + sha + "\" }");
        refused(List.of("optimizer.tuning.file", "t.json", "isofleet tune"), "plan", study);
        Path tuning = temp.resolve("t.json");
        for (String text : List.of("", "null", "[]", "{}", "{ \"schema\": \"tuning/9\" }", "no JSON\nat all")) {
            Files.writeString(tuning, text);
            refused(List.of("t.json", "is no tuning file", "isofleet tune"), "plan", study);
        }
        String demo = demoTuning();
        Files.writeString(tuning, demo);
        refused(List.of("t.json", "the study cites the tuning " + sha), "plan", study);
        Files.writeString(tuning, demo.replaceFirst("[0-9a-f]{64}", sha));
        refused(List.of("t.json", "is damaged", "make it again"), "plan", study);
    }

    @Test
    void checkpoint_thatIsDamaged_isNamed() throws IOException {
        Path file = temp.resolve("parameters.safetensors");
        String header = "{\"x\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}";
        byte[] whole = safetensors(header.length(), header, 8);
        Files.write(file, whole);
        assertThat(Isofleet.run("digest", file.toString())).isZero();
        for (byte[] bytes : List.of(
                Arrays.copyOf(whole, 0),
                Arrays.copyOf(whole, 7),
                Arrays.copyOf(whole, 20),
                Arrays.copyOf(whole, whole.length - 1),
                safetensors(Long.MAX_VALUE, header, 8),
                safetensors(-1, header, 8),
                safetensors(header.length(), header.replace("F32", "I99"), 8),
                safetensors(header.length(), header.replace("[2]", "[9]"), 8))) {
            Files.write(file, bytes);
            refused(List.of(file.toString()), "digest", file);
        }
        Files.write(file, whole);
        Files.writeString(temp.resolve("manifest.json"), "{ nothing");
        refused(List.of(temp.resolve("manifest.json").toString()), "digest", file);
    }

    /** Whatever lies in the folder of the test is the same after the refusal. */
    private void refused(List<String> told, Object... arguments) throws IOException {
        List<String> before = listing();
        Refusal.refused(told, arguments);
        assertThat(listing()).isEqualTo(before);
    }

    private List<String> listing() throws IOException {
        try (Stream<Path> all = Files.walk(temp)) {
            return all.map(Path::toString).sorted().toList();
        }
    }

    private Path study(String location, String rate) throws IOException {
        return Files.writeString(temp.resolve("tiny.conf"), STUDY.formatted(location, rate));
    }

    private Path images() throws IOException {
        Path folder = temp.resolve("images");
        try (PackedSetWriter writer = new PackedSetWriter(folder, 16, 3, List.of("a", "b"))) {
            byte[] image = new byte[3 * 16 * 16];
            for (int i = 0; i < 400; i++) {
                Arrays.fill(image, (byte) i);
                writer.add(i < 300 ? Split.TRAIN : i < 350 ? Split.VALIDATION : Split.TEST, i % 2, image, 0);
            }
            writer.commit();
        }
        return folder;
    }

    private static List<Path> files(Path folder, String end) throws IOException {
        try (Stream<Path> all = Files.list(folder)) {
            return all.filter(file -> file.toString().endsWith(end)).sorted().toList();
        }
    }

    private static void damage(Path file, String how) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        switch (how) {
            case "missing" -> Files.delete(file);
            case "cut" -> Files.write(file, Arrays.copyOf(bytes, bytes.length - 1));
            case "empty" -> Files.write(file, new byte[0]);
            case "no shard" -> Files.writeString(file, "this is no shard of images ".repeat(1000));
            default -> {
                bytes[bytes.length - 1] ^= 1;
                Files.write(file, bytes);
            }
        }
    }

    private static void idx(Path file, int magic, byte[] values, int... sizes) throws IOException {
        try (DataOutputStream out = new DataOutputStream(Files.newOutputStream(file))) {
            out.writeInt(magic);
            for (int size : sizes) {
                out.writeInt(size);
            }
            out.write(values);
        }
    }

    private static String demoTuning() throws IOException {
        try (InputStream in = StudySource.class.getResourceAsStream("demo.tuning.json")) {
            return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static byte[] safetensors(long headerBytes, String header, int dataBytes) {
        byte[] text = header.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(8 + text.length + dataBytes)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(headerBytes)
                .put(text)
                .array();
    }
}

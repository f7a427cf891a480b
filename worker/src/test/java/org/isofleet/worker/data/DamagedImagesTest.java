package org.isofleet.worker.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;
import org.isofleet.worker.data.ImageSet.Split;
import org.jspecify.annotations.Nullable;

/** Files of images of which any bytes are damaged: what is read is right, or the file is named in one line. */
class DamagedImagesTest {
    private static final int SIDE = 8;
    private static final int IMAGES = 300;

    @Nullable
    private static Path folder;

    @BeforeContainer
    static void makeFolder() throws IOException {
        folder = Files.createTempDirectory("isofleet-damaged-images");
    }

    @AfterContainer
    static void removeFolder() throws IOException {
        try (Stream<Path> all = Files.walk(folder())) {
            for (Path path : all.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }

    private static Path folder() {
        return java.util.Objects.requireNonNull(folder);
    }

    @Property(tries = 200)
    void packedSet_anyBytesDamaged_isNamedOrReadRight(@ForAll long seed) throws IOException {
        Random random = new Random(seed);
        Path set = folder().resolve("set-" + seed);
        try (PackedSetWriter writer = new PackedSetWriter(set, SIDE, 3, List.of("a", "b"))) {
            for (int i = 0; i < IMAGES; i++) {
                writer.add(i < 200 ? Split.TRAIN : i < 250 ? Split.VALIDATION : Split.TEST, i % 2, image(i), 0);
            }
            writer.commit();
        }
        List<Path> files;
        try (Stream<Path> all = Files.list(set)) {
            files = all.sorted().toList();
        }
        damage(files.get(random.nextInt(files.size())), random);
        Throwable thrown = catchThrowable(() -> readAll(set));
        if (thrown != null) {
            assertThat(thrown).isInstanceOfAny(ImageSetException.class, UncheckedIOException.class);
            assertThat(message(thrown)).contains(set.toString()).hasLineCount(1);
        }
    }

    private static void readAll(Path set) throws IOException {
        try (PackedImages images = PackedImages.open(set, SIDE, 3, 256)) {
            byte[] read = new byte[3 * SIDE * SIDE];
            for (int i = 0; i < images.count(Split.TRAIN); i++) {
                images.read(Split.TRAIN, i, read, 0);
                assertThat(read).isEqualTo(image(i));
                assertThat(images.label(Split.TRAIN, i)).isEqualTo(i % 2);
            }
        }
    }

    @Property(tries = 100)
    void idxFile_anyBytesDamaged_isNamedOrRead(@ForAll long seed) throws IOException {
        Random random = new Random(seed);
        Path idx = Files.createDirectories(folder().resolve("idx-" + seed));
        for (String split : List.of("train", "t10k")) {
            idx(idx.resolve(split + "-images-idx3-ubyte"), true);
            idx(idx.resolve(split + "-labels-idx1-ubyte"), false);
        }
        List<Path> files;
        try (Stream<Path> all = Files.list(idx)) {
            files = all.sorted().toList();
        }
        damage(files.get(random.nextInt(files.size())), random);
        PackedImageSets sets = new PackedImageSets(folder().resolve("cache-" + seed));
        Throwable thrown =
                catchThrowable(() -> sets.open(idx.toString(), 16, 1, 256).close());
        if (thrown != null) {
            assertThat(thrown).isInstanceOf(ImageSetException.class);
            assertThat(thrown.getMessage()).contains(idx.toString()).hasLineCount(1);
        }
    }

    private static String message(Throwable thrown) {
        return String.valueOf(thrown.getMessage());
    }

    /** Changes bytes, most often near the head, or cuts the file. */
    private static void damage(Path file, Random random) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        if (random.nextInt(4) == 0) {
            Files.write(file, Arrays.copyOf(bytes, random.nextInt(bytes.length)));
            return;
        }
        for (int i = 0; i <= random.nextInt(3); i++) {
            int at = random.nextInt(random.nextBoolean() ? Math.min(64, bytes.length) : bytes.length);
            bytes[at] = (byte) random.nextInt();
        }
        Files.write(file, bytes);
    }

    private static void idx(Path file, boolean images) throws IOException {
        try (DataOutputStream out = new DataOutputStream(Files.newOutputStream(file))) {
            out.writeInt(images ? 0x0803 : 0x0801);
            out.writeInt(IMAGES);
            if (images) {
                out.writeInt(28);
                out.writeInt(28);
            }
            for (int i = 0; i < IMAGES; i++) {
                out.write(images ? new byte[28 * 28] : new byte[] {(byte) (i % 10)});
            }
        }
    }

    private static byte[] image(int i) {
        byte[] image = new byte[3 * SIDE * SIDE];
        new Random(i).nextBytes(image);
        return image;
    }
}

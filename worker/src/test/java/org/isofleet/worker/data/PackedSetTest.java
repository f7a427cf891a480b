package org.isofleet.worker.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.isofleet.worker.data.ImageSet.Split;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PackedSetTest {
    private static final int SIDE = 8;
    private static final int BYTES = 3 * SIDE * SIDE;
    private static final List<String> CLASSES = List.of("a", "b", "ß");

    @TempDir
    private Path folder;

    @Test
    void set_writtenAndRead_isTheSame() throws IOException {
        String digest = write(folder, 12_000, 1L << 30);
        try (PackedImages images = PackedImages.open(folder, SIDE, 3, 256)) {
            assertThat(images.sha256()).isEqualTo(digest).hasSize(64);
            assertThat(images.classes()).isEqualTo(CLASSES);
            assertThat(images.count(Split.TRAIN)).isEqualTo(10_000);
            assertThat(images.count(Split.VALIDATION)).isEqualTo(1_000);
            assertThat(images.count(Split.TEST)).isEqualTo(1_000);
            byte[] read = new byte[BYTES + 5];
            for (int i : new int[] {0, 1, 5460, 5461, 5462, 9_999}) {
                images.read(Split.TRAIN, i, read, 5);
                assertThat(java.util.Arrays.copyOfRange(read, 5, read.length)).isEqualTo(image(i));
                assertThat(images.label(Split.TRAIN, i)).isEqualTo(i % 3);
            }
            images.read(Split.TEST, 999, read, 0);
            assertThat(java.util.Arrays.copyOf(read, BYTES)).isEqualTo(image(11_999));
            assertThatThrownBy(() -> images.read(Split.TEST, 1_000, read, 0))
                    .isInstanceOf(IndexOutOfBoundsException.class);
        }
    }

    @Test
    void digest_filesCutOtherwise_isTheSame() throws IOException {
        String whole = write(folder.resolve("whole"), 30_000, 1L << 30);
        String cut = write(folder.resolve("cut"), 30_000, 1);
        assertThat(cut).isEqualTo(whole);
        assertThat(shards(folder.resolve("cut")))
                .hasSizeGreaterThan(shards(folder.resolve("whole")).size());
        try (PackedImages images = PackedImages.open(folder.resolve("cut"), SIDE, 3, 256)) {
            byte[] read = new byte[BYTES];
            for (int i = 0; i < 28_000; i += 137) {
                images.read(Split.TRAIN, i, read, 0);
                assertThat(read).isEqualTo(image(i));
            }
        }
    }

    @Test
    void values_fewerLevelsAndGrey_areShiftAndLuma() throws IOException {
        write(folder, 2_100, 1L << 30);
        byte[] stored = image(7);
        try (PackedImages images = PackedImages.open(folder, SIDE, 3, 32)) {
            byte[] read = new byte[BYTES];
            images.read(Split.TRAIN, 7, read, 0);
            for (int i = 0; i < BYTES; i++) {
                assertThat(read[i]).isEqualTo((byte) ((stored[i] & 0xFF) / 8));
            }
            assertThat(images.levels()).isEqualTo(32);
        }
        try (PackedImages images = PackedImages.open(folder, SIDE, 1, 16)) {
            byte[] read = new byte[SIDE * SIDE];
            images.read(Split.TRAIN, 7, read, 0);
            for (int i = 0; i < read.length; i++) {
                double luma =
                        0.299 * (stored[i] & 0xFF) + 0.587 * (stored[64 + i] & 0xFF) + 0.114 * (stored[128 + i] & 0xFF);
                assertThat((int) read[i]).isEqualTo((int) Math.floor(Math.round(luma) / 16.0));
            }
        }
    }

    @Test
    void writer_notCommitted_leavesNothing() throws IOException {
        try (PackedSetWriter writer = new PackedSetWriter(folder, SIDE, 3, CLASSES)) {
            writer.add(Split.TRAIN, 0, image(0), 0);
        }
        try (Stream<Path> left = Files.list(folder)) {
            assertThat(left).isEmpty();
        }
    }

    @Test
    void writer_notCommitted_deletesTheFilesThatItFinished() throws IOException {
        try (PackedSetWriter writer = new PackedSetWriter(folder, SIDE, 3, CLASSES, 1)) {
            add(writer, 30_000);
            assertThat(shards(folder)).hasSizeGreaterThanOrEqualTo(5);
        }
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void writer_whoseCommitFails_leavesNothing() throws IOException {
        Path inTheWay = Files.createDirectories(folder.resolve("images-8.json").resolve("folder"));
        try (PackedSetWriter writer = new PackedSetWriter(folder, SIDE, 3, CLASSES, 1)) {
            add(writer, 12_000);
            assertThatThrownBy(writer::commit)
                    .isInstanceOf(ImageSetException.class)
                    .hasMessageContaining("cannot write images to " + folder);
        }
        try (Stream<Path> left = Files.list(folder)) {
            assertThat(left).containsExactly(inTheWay.getParent());
        }
    }

    @Test
    void writer_notCommitted_leavesTheFilesOfASetThatIsThere() throws IOException {
        String digest = write(folder, 30_000, 1);
        List<Path> before = shards(folder);
        try (PackedSetWriter writer = new PackedSetWriter(folder, SIDE, 3, CLASSES, 1)) {
            add(writer, 30_000);
        }
        assertThat(shards(folder)).isEqualTo(before);
        try (PackedImages images = open()) {
            images.verify();
            assertThat(images.sha256()).isEqualTo(digest);
        }
    }

    @Test
    void space_tooLittle_isOneLine() throws IOException {
        try (PackedSetWriter writer = new PackedSetWriter(folder, SIDE, 3, CLASSES)) {
            assertThatThrownBy(() -> writer.requireSpace(Long.MAX_VALUE))
                    .isInstanceOf(ImageSetException.class)
                    .hasMessageContaining("no space in " + folder)
                    .hasMessageContaining("free some or choose another folder");
        }
    }

    @Test
    void folder_thatCannotBeMade_isOneLine() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "x");
        assertThatThrownBy(() -> new PackedSetWriter(file.resolve("set"), SIDE, 3, CLASSES))
                .isInstanceOf(ImageSetException.class)
                .hasMessageContaining(file.resolve("set").toString())
                .hasMessageContaining("XDG_CACHE_HOME");
    }

    @Test
    void set_twoWritersAtOnce_isWhole() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(3);
        try {
            Callable<String> write = () -> write(folder, 9_000, 1 << 20);
            List<Future<String>> digests = threads.invokeAll(List.of(write, write, write));
            try (PackedImages images = PackedImages.open(folder, SIDE, 3, 256)) {
                for (Future<String> digest : digests) {
                    assertThat(images.sha256()).isEqualTo(digest.get());
                }
            }
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void file_missing_isNamed() throws IOException {
        write(folder, 2_100, 1L << 30);
        Path shard = shards(folder).get(0);
        Files.delete(shard);
        assertRefused(shard, "is missing");
    }

    @Test
    void file_cutShort_isNamed() throws IOException {
        write(folder, 2_100, 1L << 30);
        Path shard = shards(folder).get(0);
        resize(shard, Files.size(shard) - 1);
        assertRefused(shard, "bytes but has");
        resize(shard, 60);
        assertRefused(shard, "cut short");
    }

    @Test
    void file_wrongMagic_isNamed() throws IOException {
        write(folder, 2_100, 1L << 30);
        Path shard = shards(folder).get(0);
        flip(shard, 3);
        assertRefused(shard, "does not begin with ISOIMAGE");
    }

    @Test
    void file_wrongVersion_isNamed() throws IOException {
        write(folder, 2_100, 1L << 30);
        Path shard = shards(folder).get(0);
        flip(shard, 11);
        assertRefused(shard, "version 0 of the shard format");
    }

    @Test
    void file_onePixelFlipped_isNamed() throws IOException {
        write(folder, 2_100, 1L << 30);
        Path shard = shards(folder).get(0);
        flip(shard, ShardHeader.BYTES + 1000);
        assertRefused(shard, "does not have its checksum");
    }

    @Test
    void file_damagedIndex_isNamed() throws IOException {
        write(folder, 2_100, 1L << 30);
        Path shard = shards(folder).get(0);
        flip(shard, Files.size(shard) - 10);
        assertRefused(shard, "damaged in its index");
    }

    @Test
    void manifest_wrongDigestOrNoJson_isNamed() throws IOException {
        String digest = write(folder, 2_100, 1L << 30);
        Path manifest = folder.resolve("images-8.json");
        String text = Files.readString(manifest);
        Files.writeString(manifest, text.replace(digest, "0".repeat(64)));
        assertThatThrownBy(this::open)
                .isInstanceOf(ImageSetException.class)
                .hasMessageContaining("do not have the SHA-256")
                .hasMessageContaining(folder.toString());
        Files.writeString(manifest, text.substring(0, 40));
        assertRefused(manifest, "is damaged");
        Files.delete(manifest);
        assertThatThrownBy(this::open)
                .hasMessage(folder + " has no images of 8 pixels; pack them or choose another resolution");
    }

    @Test
    void verify_setDamagedSinceItWasOpened_namesTheFile() throws IOException {
        write(folder, 2_100, 1L << 30);
        try (PackedImages images = open()) {
            images.verify();
            Path shard = shards(folder).get(1);
            flip(shard, ShardHeader.BYTES + 77);
            assertThatThrownBy(images::verify)
                    .isInstanceOf(ImageSetException.class)
                    .hasMessageContaining(shard.toString());
        }
    }

    /** A sparse file of 200,000 images of 64x64, 2.46e9 bytes: offsets beyond 2^31 in one mapped file. */
    @Test
    void file_above2To31Bytes_isReadToItsEnd() throws IOException {
        int images = 200_000;
        int imageBytes = 3 * 64 * 64;
        int blockImages = ShardHeader.blockImages(imageBytes);
        byte[] zero = Sha256.digest().digest(new byte[blockImages * imageBytes]);
        int blocks = (images + blockImages - 1) / blockImages;
        List<byte[]> digests = new java.util.ArrayList<>(java.util.Collections.nCopies(blocks - 1, zero));
        int lastImages = images - (blocks - 1) * blockImages;
        byte[] last = new byte[lastImages * imageBytes];
        new Random(1).nextBytes(last);
        digests.add(Sha256.digest().digest(last));
        byte[] index = new ShardIndex(new short[images], digests).encode();
        ShardHeader header = new ShardHeader(
                64, 3, Split.TRAIN, images, index.length, Sha256.digest().digest(index));
        Path file = folder.resolve("large.shard");
        try (FileChannel channel = FileChannel.open(
                file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE, StandardOpenOption.SPARSE)) {
            channel.write(header.encode(), 0);
            channel.write(ByteBuffer.wrap(last), ShardHeader.BYTES + (long) (images - lastImages) * imageBytes);
            channel.write(ByteBuffer.wrap(index), ShardHeader.BYTES + header.pixelBytes());
        }
        assertThat(Files.size(file)).isGreaterThan(1L << 31);
        ShardFile shard = ShardFile.open(file);
        byte[] read = new byte[imageBytes];
        shard.read(images - 1, read, 0);
        assertThat(read).isEqualTo(java.util.Arrays.copyOfRange(last, last.length - imageBytes, last.length));
        shard.read(images - lastImages, read, 0);
        assertThat(read).isEqualTo(java.util.Arrays.copyOf(last, imageBytes));
        shard.read(images - lastImages - 1, read, 0);
        assertThat(read).containsOnly(0);
        flip(file, ShardHeader.BYTES + 150_000L * imageBytes);
        ShardFile damaged = ShardFile.open(file);
        damaged.read(10, read, 0);
        assertThatThrownBy(() -> damaged.read(150_001, read, 0))
                .isInstanceOf(java.io.UncheckedIOException.class)
                .hasMessageContaining(file.toString());
    }

    private PackedImages open() throws IOException {
        return PackedImages.open(folder, SIDE, 3, 256);
    }

    private void assertRefused(Path named, String reason) {
        assertThatThrownBy(this::open)
                .isInstanceOf(ImageSetException.class)
                .hasMessageContaining(named.toString())
                .hasMessageContaining(reason)
                .satisfies(e -> assertThat(e.getMessage()).doesNotContain("\n").contains("again"));
    }

    /** Images 0 to n - 2001 in train, 1,000 in validation and 1,000 in test. */
    private static String write(Path folder, int images, long shardBytes) throws IOException {
        try (PackedSetWriter writer = new PackedSetWriter(folder, SIDE, 3, CLASSES, shardBytes)) {
            add(writer, images);
            return writer.commit();
        }
    }

    private static void add(PackedSetWriter writer, int images) throws IOException {
        for (int i = 0; i < images; i++) {
            Split split = i < images - 2_000 ? Split.TRAIN : i < images - 1_000 ? Split.VALIDATION : Split.TEST;
            writer.add(split, i % 3, image(i), 0);
        }
    }

    private static byte[] image(int i) {
        byte[] image = new byte[BYTES];
        new Random(i).nextBytes(image);
        return image;
    }

    private static List<Path> shards(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(f -> f.toString().endsWith(".shard")).sorted().toList();
        }
    }

    private static void resize(Path file, long size) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.truncate(size);
        }
    }

    private static void flip(Path file, long at) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            ByteBuffer one = ByteBuffer.allocate(1);
            channel.read(one, at);
            one.put(0, (byte) (one.get(0) ^ 1)).flip();
            channel.write(one, at);
        }
    }
}

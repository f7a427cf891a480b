package org.isofleet.worker.pack;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.isofleet.protocol.study.InvalidSpecException;
import org.isofleet.worker.data.ImageSetException;
import org.isofleet.worker.data.PackedFolder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Real small files of every format with bytes changed, cut out, doubled or cut off: they are packed, with what is damaged listed, or
 * refused in one line; nothing else is thrown, nothing hangs, no memory is taken for what a damaged head declares, and nothing is left
 * behind. Seeds are fixed, so that what fails can be seen again.
 */
class DamagedSourcesTest {
    private static final int TRIES = 20;

    @TempDir
    private Path temp;

    /** Sources that were refused or had images rejected. */
    private int noticed;

    enum Format {
        FOLDER {
            @Override
            void write(Path source) throws IOException {
                for (int i = 0; i < 8; i++) {
                    Path folder = source.resolve(i % 2 == 0 ? "cat" : "dog");
                    Pictures.write(folder.resolve(i + ".png"), Pictures.png(i, 11, 9));
                    Pictures.write(folder.resolve(i + ".jpg"), Pictures.jpeg(i, 17, 9));
                }
            }
        },
        CIFAR {
            @Override
            void write(Path source) throws IOException {
                RealFormats.cifar10(source, 4);
            }
        },
        NPZ {
            @Override
            void write(Path source) throws IOException {
                RealFormats.npz(source.resolve("train_data_batch_1.npz"), 0, 6, 4, 3, true);
                RealFormats.npz(source.resolve("val_data.npz"), 0, 3, 4, 3, false);
            }
        },
        WEBDATASET {
            @Override
            void write(Path source) throws IOException {
                Pictures.write(source.resolve("train.tar"), RealFormats.webDataset(0, 6, 3));
                Pictures.write(source.resolve("val.tar"), RealFormats.webDataset(0, 3, 3));
            }
        },
        PARQUET {
            @Override
            void write(Path source) throws IOException {
                ParquetTables.write(source.resolve("train.parquet"), CompressionCodecName.SNAPPY, 0, 12, 3, true);
                ParquetTables.write(source.resolve("val.parquet"), CompressionCodecName.GZIP, 0, 4, 3, true);
            }
        };

        abstract void write(Path source) throws IOException;
    }

    @ParameterizedTest
    @EnumSource(Format.class)
    @Timeout(60)
    void anyBytesDamaged_isPackedOrRefusedInOneLine(Format format) throws IOException {
        Path source = temp.resolve("source");
        format.write(source);
        List<Path> files;
        try (Stream<Path> all = Files.walk(source)) {
            files = all.filter(Files::isRegularFile).sorted().toList();
        }
        noticed = 0;
        for (int seed = 0; seed < TRIES; seed++) {
            Random random = new Random(seed);
            Path file = files.get(random.nextInt(files.size()));
            byte[] whole = Files.readAllBytes(file);
            Files.write(file, damaged(whole, random));
            packs(source, format + ", seed " + seed);
            Files.write(file, whole);
        }
        assertThat(noticed).isGreaterThan(1);
        assertThat(packs(source, "whole")).isTrue();
    }

    private boolean packs(Path source, String what) throws IOException {
        Path out = temp.resolve("out");
        boolean packed = true;
        try {
            PackingReport report =
                    ImagePacking.pack(source.toString(), new PackingOptions(List.of(4), 3, 0, 0, 0.5, 2), out);
            noticed += report.rejected() > 0 ? 1 : 0;
            PackedFolder.verify(out);
        } catch (ImageSetException | InvalidSpecException e) {
            assertThat(String.valueOf(e.getMessage())).as(what).hasLineCount(1);
            noticed++;
            packed = false;
        } catch (Exception | OutOfMemoryError e) {
            throw new AssertionError(what, e);
        }
        try (Stream<Path> left = Files.list(temp)) {
            assertThat(left.map(path -> path.getFileName().toString()))
                    .as(what)
                    .containsExactlyInAnyOrder(packed ? new String[] {"out", "source"} : new String[] {"source"});
        }
        if (packed) {
            try (Stream<Path> all = Files.list(out)) {
                for (Path file : all.toList()) {
                    Files.delete(file);
                }
            }
            Files.delete(out);
        }
        return packed;
    }

    @Property(tries = 1500)
    void imageOfAnyBytes_isDecodedOrRejected_withinItsMemory(@ForAll long seed) throws IOException {
        Random random = new Random(seed);
        byte[] whole = random.nextBoolean() ? Pictures.png(7, 40, 30) : Pictures.jpeg(7, 40, 30);
        byte[] bytes = damaged(whole, random);
        com.sun.management.ThreadMXBean memory =
                (com.sun.management.ThreadMXBean) java.lang.management.ManagementFactory.getThreadMXBean();
        long before = memory.getCurrentThreadAllocatedBytes();
        try {
            Picture picture = ImageDecoder.decode(bytes);
            assertThat(picture.width() * picture.height()).isLessThan(2048 * bytes.length);
        } catch (DamagedImageException e) {
            assertThat(String.valueOf(e.getMessage())).hasLineCount(1);
        }
        assertThat(memory.getCurrentThreadAllocatedBytes() - before).isLessThan(1L << 26);
    }

    private static byte[] damaged(byte[] whole, Random random) {
        byte[] bytes = whole.clone();
        int head = Math.min(bytes.length, random.nextBoolean() ? 700 : bytes.length);
        return switch (random.nextInt(6)) {
            case 0 -> Arrays.copyOf(bytes, random.nextInt(bytes.length));
            case 1 -> cutOut(bytes, random);
            case 2 -> doubled(bytes);
            case 3 -> {
                // Fields of sizes: runs of one value.
                int at = random.nextInt(head);
                int to = Math.min(bytes.length, at + 1 + random.nextInt(8));
                Arrays.fill(bytes, at, to, (byte) (random.nextBoolean() ? 0xFF : 0x7F));
                yield bytes;
            }
            default -> {
                for (int i = 0; i <= random.nextInt(4); i++) {
                    bytes[random.nextInt(head)] = (byte) random.nextInt();
                }
                yield bytes;
            }
        };
    }

    private static byte[] cutOut(byte[] bytes, Random random) {
        int from = random.nextInt(bytes.length);
        int to = from + random.nextInt(Math.min(600, bytes.length - from));
        byte[] shorter = Arrays.copyOf(bytes, bytes.length - (to - from));
        System.arraycopy(bytes, to, shorter, from, bytes.length - to);
        return shorter;
    }

    private static byte[] doubled(byte[] bytes) {
        byte[] doubled = Arrays.copyOf(bytes, 2 * bytes.length);
        System.arraycopy(bytes, 0, doubled, bytes.length, bytes.length);
        return doubled;
    }
}

package org.isofleet.worker.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPOutputStream;
import org.isofleet.worker.data.ImageSet.Split;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IdxImagesTest {
    private static final int TRAIN = 600;
    private static final int TEST = 100;

    @TempDir
    private Path folder;

    private PackedImageSets sets = new PackedImageSets(Path.of("unset"));

    @BeforeEach
    void writeFiles() throws IOException {
        sets = new PackedImageSets(folder.resolve("cache"));
        images("train-images-idx3-ubyte.gz", TRAIN, true);
        labels("train-labels-idx1-ubyte.gz", TRAIN, true);
        images("t10k-images-idx3-ubyte", TEST, false);
        labels("t10k-labels-idx1-ubyte", TEST, false);
    }

    @Test
    void images_28To32_arePaddedByTwo() throws IOException {
        try (PackedImages set = sets.open(folder.toString(), 32, 1, 256)) {
            assertThat(set.count(Split.TEST)).isEqualTo(TEST);
            assertThat(set.count(Split.TRAIN) + set.count(Split.VALIDATION)).isEqualTo(TRAIN);
            assertThat(set.count(Split.VALIDATION)).isBetween(30L, 75L);
            assertThat(set.classes()).hasSize(10);
            byte[] image = new byte[32 * 32];
            set.read(Split.TEST, 42, image, 0);
            for (int y = 0; y < 32; y++) {
                for (int x = 0; x < 32; x++) {
                    boolean inside = y >= 2 && y < 30 && x >= 2 && x < 30;
                    assertThat(image[y * 32 + x]).isEqualTo(inside ? value(42, y - 2, x - 2) : 0);
                }
            }
            assertThat(set.label(Split.TEST, 42)).isEqualTo(2);
        }
    }

    @Test
    void images_28To14_areMeansOfFour() throws IOException {
        try (PackedImages set = sets.open(folder.toString(), 14, 1, 256)) {
            byte[] image = new byte[14 * 14];
            set.read(Split.TEST, 5, image, 0);
            double mean = 0;
            for (int k = 0; k < 4; k++) {
                mean += (value(5, 6 + k / 2, 8 + k % 2) & 0xFF) / 4.0;
            }
            assertThat(image[3 * 14 + 4] & 0xFF).isEqualTo((int) Math.floor(mean + 0.5));
        }
    }

    @Test
    void images_28To16_keepTheirMean() {
        byte[] source = new byte[28 * 28];
        for (int i = 0; i < source.length; i++) {
            source[i] = value(9, i / 28, i % 28);
        }
        byte[] target = new byte[16 * 16];
        new GreyFit(28, 28, 16).apply(source, 0, target);
        assertThat(mean(target)).isCloseTo(mean(source), org.assertj.core.data.Offset.offset(0.5));
    }

    @Test
    void set_openedTwice_isTheSameFromTheCache() throws IOException {
        String first;
        try (PackedImages set = sets.open(folder.toString(), 32, 1, 256)) {
            first = set.sha256();
        }
        Files.delete(folder.resolve("cache/images")
                .resolve(new IdxImages(folder).key(32))
                .resolve("images-32.json"));
        assertThat(sets.reference(folder.toString(), 32).sha256()).isEqualTo(first);
    }

    @Test
    void rgb_ofGreyImages_isRefused() {
        assertThatThrownBy(() -> sets.open(folder.toString(), 32, 3, 256))
                .isInstanceOf(ImageSetException.class)
                .hasMessageContaining("are grey; set channels = 1");
    }

    @Test
    void file_missingCutOrOther_isNamed() throws IOException {
        Path labels = folder.resolve("t10k-labels-idx1-ubyte");
        byte[] whole = Files.readAllBytes(labels);
        Files.write(labels, java.util.Arrays.copyOf(whole, 50));
        assertRefused(labels + " is cut short; fetch it again");
        whole[3] = 3;
        Files.write(labels, whole);
        assertRefused(labels + " is no IDX file of labels: it begins with 00000803, not 00000801; fetch it again");
        Files.delete(labels);
        assertRefused(labels + " (or .gz) is missing; fetch it");
        labels("t10k-labels-idx1-ubyte", TEST - 1, false);
        assertRefused(
                folder.resolve("t10k-images-idx3-ubyte") + " holds 100 images but its labels are 99; fetch both again");
        Path zipped = folder.resolve("train-images-idx3-ubyte.gz");
        byte[] gzip = Files.readAllBytes(zipped);
        gzip[gzip.length / 2] ^= 0x55;
        Files.write(zipped, gzip);
        assertThatThrownBy(() -> sets.open(folder.toString(), 32, 1, 256))
                .isInstanceOf(ImageSetException.class)
                .hasMessageContaining(zipped.toString());
    }

    private void assertRefused(String message) {
        assertThatThrownBy(() -> sets.open(folder.toString(), 32, 1, 256))
                .isInstanceOf(ImageSetException.class)
                .hasMessage(message);
    }

    private static byte value(int image, int row, int column) {
        return (byte) (Hash64.mix(image * 1000L + row * 28L + column) & 0xFF);
    }

    private static double mean(byte[] image) {
        double sum = 0;
        for (byte value : image) {
            sum += value & 0xFF;
        }
        return sum / image.length;
    }

    private void images(String name, int count, boolean zip) throws IOException {
        try (DataOutputStream out = new DataOutputStream(stream(name, zip))) {
            out.writeInt(0x0803);
            out.writeInt(count);
            out.writeInt(28);
            out.writeInt(28);
            for (int i = 0; i < count; i++) {
                for (int p = 0; p < 28 * 28; p++) {
                    out.writeByte(value(i, p / 28, p % 28));
                }
            }
        }
    }

    private void labels(String name, int count, boolean zip) throws IOException {
        try (DataOutputStream out = new DataOutputStream(stream(name, zip))) {
            out.writeInt(0x0801);
            out.writeInt(count);
            for (int i = 0; i < count; i++) {
                out.writeByte(i % 10);
            }
        }
    }

    private OutputStream stream(String name, boolean zip) throws IOException {
        OutputStream file = new java.io.BufferedOutputStream(Files.newOutputStream(folder.resolve(name)));
        return zip ? new GZIPOutputStream(file) : file;
    }
}

package org.isofleet.worker.pack;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.isofleet.worker.data.ImageSet.Split;
import org.isofleet.worker.data.ImageSetException;
import org.isofleet.worker.data.PackedImages;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** CIFAR, the npz archives of ImageNet, and WebDataset. */
class PublishedFormatsTest {
    @TempDir
    private Path temp;

    @Test
    void cifar10_isPackedAtItsOwnSide_withItsTestImages() throws IOException {
        Path source = RealFormats.cifar10(temp.resolve("cifar"), 80);
        PackingReport report = pack(source, List.of());
        assertThat(report.format()).isEqualTo("cifar-10");
        assertThat(report.read()).isEqualTo(240);
        try (PackedImages images = PackedImages.open(temp.resolve("out"), 32, 3, 256)) {
            assertThat(images.classes()).hasSize(10).startsWith("airplane").endsWith("truck");
            assertThat(images.count(Split.TEST)).isEqualTo(80);
            assertThat(images.count(Split.TRAIN) + images.count(Split.VALIDATION))
                    .isEqualTo(160);
            assertThat(images.count(Split.VALIDATION)).isBetween(4L, 26L);
            assertPixels(images, Split.TEST, 47, 2047, 7);
            assertPixels(images, Split.TRAIN, 0, 0, 0);
        }
    }

    @Test
    void cifar100_hasTheFineClasses() throws IOException {
        Path source = RealFormats.cifar100(temp.resolve("cifar"), 130);
        assertThat(pack(source, List.of(32, 16)).format()).isEqualTo("cifar-100");
        try (PackedImages images = PackedImages.open(temp.resolve("out"), 32, 3, 256)) {
            assertThat(images.classes()).hasSize(100);
            assertPixels(images, Split.TEST, 121, 1121, 21);
        }
    }

    @Test
    void cifar_badFiles_areNamed() throws IOException {
        Path source = RealFormats.cifar10(temp.resolve("cifar"), 20);
        Path batch = source.resolve("data_batch_2.bin");
        byte[] whole = Files.readAllBytes(batch);
        Files.write(batch, Arrays.copyOf(whole, whole.length - 1));
        refused(batch + " has 61459 bytes, which are no whole number of images of 3073; fetch it again", source);
        whole[5 * 3073] = 10;
        Files.write(batch, whole);
        refused(batch + " is damaged: image 5 has the label 10 of 10 classes; fetch it again", source);
        Files.move(batch, source.resolve("data_batch_3.bin"));
        refused(batch + " is missing; fetch it", source);
        Files.move(source.resolve("data_batch_3.bin"), batch);
        Files.delete(source.resolve("test_batch.bin"));
        refused(source.resolve("test_batch.bin") + " is missing; fetch it", source);
    }

    @ParameterizedTest
    @ValueSource(ints = {16, 32, 64})
    void imageNetArchives_areRead_withLabelsFromOne(int side) throws IOException {
        Path source = temp.resolve("imagenet");
        RealFormats.npz(source.resolve("train_data_batch_1.npz"), 0, 40, side, 7, true);
        RealFormats.npz(source.resolve("train_data_batch_2.npz"), 40, 40, side, 7, false);
        RealFormats.npz(source.resolve("val_data.npz"), 80, 9, side, 7, true);
        PackingReport report = pack(source, List.of());
        assertThat(report.format()).isEqualTo("npz");
        assertThat(report.read()).isEqualTo(89);
        assertThat(report.sets().get(0).resolution()).isEqualTo(side);
        assertThat(report.sets().get(0).validation()).isEqualTo(9);
        try (PackedImages images = PackedImages.open(temp.resolve("out"), side, 3, 256)) {
            assertThat(images.classes()).containsExactly("1", "2", "3", "4", "5", "6", "7");
            assertPixels(images, Split.VALIDATION, 8, 88, 1);
            assertPixels(images, Split.VALIDATION, 3, 83, 3);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"<i4", ">i4", "<u2", "|u1", ">i8"})
    void labels_ofAnyIntegerType_areRead(String type) throws IOException {
        Path source = temp.resolve("imagenet");
        int bytes = type.charAt(2) - '0';
        byte[] labels = new byte[60 * bytes];
        byte[] data = new byte[60 * 48];
        for (int i = 0; i < 60; i++) {
            labels[i * bytes + (type.charAt(0) == '>' ? bytes - 1 : 0)] = (byte) (i % 5);
        }
        RealFormats.zip(
                source.resolve("train.npz"),
                true,
                "labels.npy",
                RealFormats.npy(type, "(60,)", labels),
                "data.npy",
                RealFormats.npy("|u1", "(60, 3, 4, 4)", data));
        assertThat(pack(source, List.of(4)).read()).isEqualTo(60);
        try (PackedImages images = PackedImages.open(temp.resolve("out"), 4, 3, 256)) {
            assertThat(images.classes()).containsExactly("0", "1", "2", "3", "4");
        }
    }

    @Test
    void npz_badArrays_areNamedWithTheMend() throws IOException {
        Path folder = temp.resolve("imagenet");
        Path file = folder.resolve("train.npz");
        byte[] labels = RealFormats.npy("<i8", "(2,)", new byte[16]);
        byte[] data = RealFormats.npy("|u1", "(2, 48)", new byte[96]);
        npz(file, "data.npy", data);
        refused(file + " holds no array 'labels'", folder);
        npz(file, "data.npy", RealFormats.npy("<f4", "(2, 48)", new byte[384]), "labels.npy", labels);
        refused(file + " (data) has values of type <f4, not integers", folder);
        npz(file, "data.npy", RealFormats.npy("<i2", "(2, 48)", new byte[192]), "labels.npy", labels);
        refused(file + " (data) has values of type <i2, not uint8 (|u1); save it as uint8", folder);
        npz(file, "data.npy", RealFormats.npy("|u1", "(2, 47)", new byte[94]), "labels.npy", labels);
        refused(file + " (data) has the shape [2, 47], not images x (3 x side x side)", folder);
        npz(file, "data.npy", RealFormats.npy("|u1", "(2, 48)", new byte[95]), "labels.npy", labels);
        refused(file + " (data) does not have the length of its shape [2, 48]; fetch it again", folder);
        npz(file, "data.npy", data, "labels.npy", RealFormats.npy("|O", "(2,)", new byte[40]));
        refused("holds pickled Python objects, which may run code", folder);
        npz(file, "data.npy", data, "labels.npy", RealFormats.npy("<i8", "(3,)", new byte[24]));
        refused(file + " holds 2 images but 3 labels; fetch it again", folder);
        npz(file, "data.npy", data, "labels.npy", RealFormats.npy("|i1", "(2,)", new byte[] {-1, 0}));
        refused(file + " (labels) holds the label -1, outside 0 to 32766", folder);
        npz(file, "data.npy", new byte[100], "labels.npy", labels);
        refused(file + " (data) is no array in NumPy's format", folder);
        npz(file, "data.npy", RealFormats.npy("|u1", "(9999999999, 48)", new byte[96]), "labels.npy", labels);
        refused("does not have the length of its shape", folder);
        Files.write(file, "not a zip".getBytes(UTF_8));
        refused(file + " is damaged", folder);
        Path pickles = Files.createDirectories(temp.resolve("pickles"));
        Files.write(pickles.resolve("train_data_batch_1"), new byte[] {(byte) 0x80, 3});
        refused("holds Python pickles", pickles);
        RealFormats.npz(file, 0, 2, 4, 2, true);
        RealFormats.npz(folder.resolve("val.npz"), 0, 2, 8, 2, true);
        refused("put them into folders of their own", folder);
    }

    private static void npz(Path file, Object... namesAndBytes) throws IOException {
        RealFormats.zip(file, true, namesAndBytes);
    }

    @Test
    void webDataset_isReadInItsOrder_splitByTheNamesOfItsFiles() throws IOException {
        Path source = temp.resolve("shards");
        Pictures.write(source.resolve("x-train-000.tar"), RealFormats.webDataset(0, 70, 5));
        Pictures.write(source.resolve("x-train-001.tar.gz"), gzipped(RealFormats.webDataset(70, 30, 5)));
        Pictures.write(source.resolve("x-val-000.tar"), RealFormats.webDataset(500, 11, 5));
        PackingReport report = pack(source, List.of(8));
        assertThat(report.format()).isEqualTo("webdataset");
        assertThat(report.read()).isEqualTo(111);
        assertThat(report.rejected()).isZero();
        assertThat(report.sets().get(0).validation()).isEqualTo(11);
        try (PackedImages images = PackedImages.open(temp.resolve("out"), 8, 3, 256)) {
            assertThat(images.classes()).containsExactly("0", "1", "2", "3", "4");
            for (int i = 0; i < 11; i++) {
                assertThat(images.label(Split.VALIDATION, i)).isEqualTo(i % 5);
                byte[] read = new byte[192];
                images.read(Split.VALIDATION, i, read, 0);
                assertThat(read).isEqualTo(resized(500 + i, i % 2 == 0));
            }
        }
    }

    private static byte[] resized(int seed, boolean png) throws IOException {
        byte[] target = new byte[192];
        try {
            Picture picture = ImageDecoder.decode(png ? Pictures.png(seed, 20, 16) : Pictures.jpeg(seed, 16, 18));
            AreaResize.apply(picture, 8, target, 0);
        } catch (DamagedImageException e) {
            throw new IOException(e);
        }
        return target;
    }

    @Test
    void webDataset_samplesWithoutImageOrClass_areRejected() throws IOException {
        Path source = temp.resolve("shards");
        byte[] good = RealFormats.webDataset(0, 96, 3);
        byte[] png = Pictures.png(1, 9, 9);
        byte[] bad = RealFormats.tar(
                "a.cls",
                bytes("1"),
                "b.png",
                png,
                "c.png",
                png,
                "c.cls",
                bytes("cat"),
                "d.png",
                png,
                "d.json",
                bytes("{"),
                "._e.png",
                png,
                "f/",
                new byte[0],
                "g.png",
                new byte[7],
                "g.cls",
                bytes("2"));
        Pictures.write(source.resolve("0.tar"), good);
        Pictures.write(source.resolve("1.tar"), bad);
        PackingReport report = ImagePacking.pack(
                source.toString(), new PackingOptions(List.of(4), 3, 0.1, 0.1, 0.06, 2), temp.resolve("out"));
        assertThat(report.read()).isEqualTo(101);
        assertThat(Files.readAllLines(temp.resolve("out/rejected.tsv")))
                .containsExactly(
                        "1.tar/a\thas no .jpg, .jpeg or .png",
                        "1.tar/b\thas no class: neither .cls nor a number label in .json",
                        "1.tar/c\thas a .cls that is no number from 0 to 32766",
                        "1.tar/d\thas a .json that is damaged",
                        "1.tar/g\tis neither JPEG nor PNG: it begins with 00000000");
    }

    @Test
    void webDataset_cutShortOrOfSeveralFormats_isRefused() throws IOException {
        Path source = temp.resolve("shards");
        byte[] tar = RealFormats.webDataset(0, 20, 3);
        Pictures.write(source.resolve("0.tar"), Arrays.copyOf(tar, tar.length / 2 + 100));
        refused(source.resolve("0.tar") + " is damaged", source);
        Pictures.write(source.resolve("0.tar"), tar);
        Pictures.write(source.resolve("1.npz"), new byte[9]);
        refused("holds files of several formats (.npz, .tar)", source);
        Files.delete(source.resolve("1.npz"));
        Pictures.write(source.resolve("1.tar.gz"), tar);
        refused(source.resolve("1.tar.gz") + " is damaged: Not in GZIP format; fetch it again", source);
        assertThat(ImagePacking.pack(
                                source.resolve("0.tar").toString(),
                                new PackingOptions(List.of(8), 3, 0.2, 0.2, 0, 1),
                                temp.resolve("out"))
                        .read())
                .isEqualTo(20);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }

    private static byte[] gzipped(byte[] bytes) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (OutputStream zip = new GZIPOutputStream(out)) {
            zip.write(bytes);
        }
        return out.toByteArray();
    }

    private PackingReport pack(Path source, List<Integer> resolutions) throws IOException {
        return ImagePacking.pack(source.toString(), PackingOptions.standard(resolutions), temp.resolve("out"));
    }

    private void assertPixels(PackedImages images, Split split, long index, long seed, int label) {
        byte[] read = new byte[3 * images.resolution() * images.resolution()];
        images.read(split, index, read, 0);
        assertThat(read).isEqualTo(RealFormats.pixels(seed, images.resolution()));
        assertThat(images.label(split, index)).isEqualTo(label);
    }

    private void refused(String message, Path source) throws IOException {
        assertThatThrownBy(() -> pack(source, List.of(8)))
                .isInstanceOf(ImageSetException.class)
                .hasMessageContaining(message)
                .message()
                .hasLineCount(1);
        try (Stream<Path> files = Files.list(temp)) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .allMatch(name -> !name.startsWith(".") && !name.equals("out"));
        }
    }
}

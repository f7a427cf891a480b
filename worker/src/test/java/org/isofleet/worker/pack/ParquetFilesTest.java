package org.isofleet.worker.pack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.isofleet.worker.data.ImageSet.Split;
import org.isofleet.worker.data.ImageSetException;
import org.isofleet.worker.data.PackedImages;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ParquetFilesTest {
    @TempDir
    private Path temp;

    @ParameterizedTest
    @EnumSource(names = {"UNCOMPRESSED", "SNAPPY", "GZIP", "ZSTD"})
    void structOfBytes_asHuggingFaceWritesIt_isReadInItsOrder(CompressionCodecName codec) throws IOException {
        Path source = temp.resolve("data");
        ParquetTables.write(source.resolve("train-00000-of-00002.parquet"), codec, 0, 60, 4, true);
        ParquetTables.write(source.resolve("train-00001-of-00002.parquet"), codec, 60, 60, 4, true);
        ParquetTables.write(source.resolve("validation-00000-of-00001.parquet"), codec, 500, 9, 4, true);
        PackingReport report = pack(source);
        assertThat(report.format()).isEqualTo("parquet");
        assertThat(report.read()).isEqualTo(129);
        assertThat(report.rejected()).isZero();
        try (PackedImages images = PackedImages.open(temp.resolve("out"), 8, 3, 256)) {
            assertThat(images.classes()).containsExactly("c0", "c1", "c2", "c3");
            assertThat(images.count(Split.VALIDATION)).isEqualTo(9);
            for (int i = 0; i < 9; i++) {
                byte[] read = new byte[192];
                images.read(Split.VALIDATION, i, read, 0);
                assertThat(read).isEqualTo(resized(500 + i));
                assertThat(images.label(Split.VALIDATION, i)).isEqualTo(i % 4);
            }
        }
    }

    private static byte[] resized(int seed) throws IOException {
        byte[] target = new byte[192];
        try {
            AreaResize.apply(ImageDecoder.decode(Pictures.png(seed, 12, 10)), 8, target, 0);
        } catch (DamagedImageException e) {
            throw new IOException(e);
        }
        return target;
    }

    @Test
    void plainColumn_withoutNames_hasClassesByNumber_andNullsAreRejected() throws IOException {
        Path file = temp.resolve("data/0.parquet");
        ParquetTables.write(file, CompressionCodecName.SNAPPY, 0, 300, 3, false);
        PackingReport report = ImagePacking.pack(
                file.toString(), new PackingOptions(List.of(4), 3, 0.1, 0.1, 0.02, 2), temp.resolve("out"));
        assertThat(report.read()).isEqualTo(300);
        assertThat(Files.readAllLines(temp.resolve("out/rejected.tsv")))
                .containsExactly(
                        "0.parquet#100\tis missing: its row holds null",
                        "0.parquet#200\thas the class -1, outside 0 to 32766");
        try (PackedImages images = PackedImages.open(temp.resolve("out"), 4, 3, 256)) {
            assertThat(images.classes()).containsExactly("0", "1", "2");
        }
    }

    @Test
    void badFiles_areRefusedInOneLine() throws IOException {
        Path file = temp.resolve("data/0.parquet");
        ParquetTables.write(file, CompressionCodecName.SNAPPY, 0, 20, 3, true);
        byte[] whole = Files.readAllBytes(file);
        Files.write(file, Arrays.copyOf(whole, whole.length - 3));
        refused(file + " is damaged: it does not end as a Parquet file does; fetch it again");
        byte[] longer = whole.clone();
        longer[whole.length - 6] = 0x7F;
        Files.write(file, longer);
        refused(file + " is damaged: its description is longer than it; fetch it again");
        Files.write(file, new byte[3]);
        refused(file + " is damaged: it is cut short; fetch it again");
        ParquetTables.writeOther(file);
        refused(file + " has no column of images: name one image, of bytes or a struct with bytes; it has");
        ParquetTables.write(file, CompressionCodecName.SNAPPY, 0, 20, 3, true);
        ParquetTables.write(temp.resolve("data/1.parquet"), CompressionCodecName.SNAPPY, 0, 20, 4, true);
        refused(temp.resolve("data/1.parquet") + " names other classes than " + file);
    }

    private PackingReport pack(Path source) throws IOException {
        return ImagePacking.pack(source.toString(), PackingOptions.standard(List.of(8)), temp.resolve("out"));
    }

    private void refused(String message) {
        assertThatThrownBy(() -> pack(temp.resolve("data")))
                .isInstanceOf(ImageSetException.class)
                .hasMessageContaining(message)
                .message()
                .hasLineCount(1);
        assertThat(temp.resolve("out")).doesNotExist();
    }
}

package org.isofleet.deploy.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.isofleet.protocol.study.ImageSetRef;
import org.isofleet.worker.data.PackedImageSets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataCommandTest {
    @TempDir
    private Path temp;

    @Test
    void pack_embeddedImages_areTheSetOfTheirSource() throws IOException {
        Path folder = temp.resolve("noto");

        Call packed = Call.of("data", "pack", "embedded:noto", "--resolutions", "32,16", "--out", folder, "--json");

        JsonNode answer = new ObjectMapper().readTree(packed.out());
        PackedImageSets sets = PackedImageSets.inUserCache();
        ImageSetRef source = sets.reference("embedded:noto", 16);
        assertThat(packed.code()).isZero();
        assertThat(answer.get("schema").asText()).isEqualTo("data/1");
        assertThat(answer.get("folder").asText()).isEqualTo(folder.toString());
        assertThat(answer.get("sets")).hasSize(2);
        JsonNode set = answer.get("sets").get(0);
        assertThat(set.get("resolution").asInt()).isEqualTo(16);
        assertThat(set.get("channels").asInt()).isEqualTo(3);
        assertThat(set.get("classes").asInt()).isEqualTo(9);
        assertThat(set.get("train_images").asLong()).isEqualTo(source.trainImages());
        assertThat(set.get("sha256").asText()).isEqualTo(source.sha256());
        assertThat(sets.reference(folder.toString(), 16).sha256()).isEqualTo(source.sha256());
        assertThat(listing()).containsExactly("noto");

        Call verified = Call.of("data", "verify", folder, "--json");
        assertThat(verified.code()).isZero();
        assertThat(new ObjectMapper().readTree(verified.out()).get("sets")).isEqualTo(answer.get("sets"));
        assertThat(Call.of("data", "verify", folder).out().lines())
                .hasSize(2)
                .first()
                .asString()
                .startsWith("16x16  " + source.trainImages() + " training")
                .endsWith("of 9 classes, RGB  SHA-256 " + source.sha256());
    }

    @Test
    void pack_ofAFolderByClass_tellsWhatWasReadAndRejected() throws IOException {
        for (int i = 0; i < 60; i++) {
            Path folder = Files.createDirectories(temp.resolve("source").resolve(i % 2 == 0 ? "even" : "odd"));
            BufferedImage image = new BufferedImage(9, 8, BufferedImage.TYPE_INT_RGB);
            image.setRGB(i % 8, 3, 0x00FF00 + i);
            ImageIO.write(image, "png", folder.resolve(i + ".png").toFile());
        }
        Files.write(temp.resolve("source/odd/broken.jpg"), new byte[] {1, 2, 3, 4});
        Object[] command = {"data", "pack", temp.resolve("source"), "--resolution", "4", "--out", temp.resolve("packed")
        };
        refused(List.of("1 of 61 images are damaged", "odd/broken.jpg", "--max-rejected"), command);
        assertThat(listing()).containsExactly("source");

        Call packed = Call.of(Stream.concat(Stream.of(command), Stream.of("--max-rejected", "0.02"))
                .toArray());

        assertThat(packed.code()).as(packed.err()).isZero();
        assertThat(packed.out().lines())
                .hasSize(2)
                .first()
                .isEqualTo("61 images read, 1 rejected (" + temp.resolve("packed/rejected.tsv") + ")");
        refused(
                List.of("--max-rejected", "0", "1", "not 2"),
                "data",
                "pack",
                temp,
                "--out",
                "x",
                "--max-rejected",
                "2");
        refused(List.of("channels must be"), "data", "pack", temp, "--out", "x", "--channels", "2");
        refused(List.of("threads must be"), "data", "pack", temp, "--out", "x", "--threads", "0");
    }

    @Test
    void verify_ofADamagedFile_namesIt() throws IOException {
        Path folder = temp.resolve("noto");
        Call.of("data", "pack", "embedded:noto", "--resolutions", "16", "--out", folder);
        Path shard;
        try (Stream<Path> files = Files.list(folder)) {
            shard = files.filter(file -> !file.toString().endsWith(".json"))
                    .findFirst()
                    .orElseThrow();
        }
        byte[] bytes = Files.readAllBytes(shard);
        bytes[bytes.length / 2] ^= 1;
        Files.write(shard, bytes);

        refused(List.of(shard.getFileName().toString(), "damaged", "pack it again"), "data", "verify", folder);

        Files.delete(shard);
        refused(List.of(shard.getFileName().toString(), "missing"), "data", "verify", folder);
    }

    @Test
    void pack_thatFailsHalfWay_leavesNothing() throws IOException {
        refused(
                List.of("embedded:noto has no images of 48 pixels", "16, 32, 64"),
                "data",
                "pack",
                "embedded:noto",
                "--resolutions",
                "16,48",
                "--out",
                temp.resolve("noto"));
        assertThat(listing()).isEmpty();
    }

    @Test
    void pack_ofNothingOrToWhereItCannotBe_isRefused() throws IOException {
        Path file = Files.writeString(temp.resolve("file"), "x");
        Path out = temp.resolve("out");
        refused(List.of("embedded:nota", "embedded:noto"), "data", "pack", "embedded:nota", "--out", out);
        refused(List.of("there is no folder", "nothing"), "data", "pack", temp.resolve("nothing"), "--out", out);
        refused(
                List.of("holds no images of a format that is known", "embedded:noto"),
                "data",
                "pack",
                temp,
                "--out",
                out);
        refused(List.of("file is there already", "name a folder"), "data", "pack", "embedded:noto", "--out", file);
        refused(List.of("below", "make it"), "data", "pack", "embedded:noto", "--out", out.resolve("below"));
        refused(
                List.of("1 to 1024 pixels, not 0"),
                "data",
                "pack",
                "embedded:noto",
                "--resolutions",
                "0",
                "--out",
                out);
        refused(List.of("--out"), "data", "pack", "embedded:noto");
        refused(List.of("file", "no folder"), "data", "verify", file);
        refused(List.of("holds no packed images", "isofleet data pack"), "data", "verify", temp);
        assertThat(listing()).containsExactly("file");
    }

    private List<String> listing() throws IOException {
        try (Stream<Path> files = Files.list(temp)) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }

    private static void refused(List<String> told, Object... arguments) {
        Call answer = Call.of(arguments);
        assertThat(answer.err().lines()).as(answer.err()).hasSize(1);
        assertThat(answer.err()).startsWith("isofleet: ").contains(told).doesNotContain("Exception");
        assertThat(answer.out()).isEmpty();
        assertThat(answer.code()).isEqualTo(2);
    }
}

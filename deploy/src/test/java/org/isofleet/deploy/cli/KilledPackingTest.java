package org.isofleet.deploy.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code kill -9} of a packing in the middle, and the same command again. */
@Tag("slow")
class KilledPackingTest {
    private static final int IMAGES = 300;

    @TempDir
    private Path temp;

    @Test
    void packing_killedInTheMiddle_goesOnAndEndsInTheSameBytes() throws Exception {
        Path source = images();
        JsonNode quiet = packed(Call.of(arguments(source, "quiet", 2)));

        Path work = temp.resolve(".out.packing");
        Process process = new ProcessBuilder(command(source, "out", 1))
                .redirectErrorStream(true)
                .redirectOutput(temp.resolve("killed.log").toFile())
                .start();
        try {
            Awaitility.await()
                    .atMost(Duration.ofSeconds(60))
                    .pollInterval(Duration.ofMillis(5))
                    .until(() -> Files.exists(work.resolve("00000000.json")));
        } finally {
            process.destroyForcibly().waitFor();
        }
        assertThat(temp.resolve("out")).doesNotExist();
        assertThat(work.resolve(String.format("%08d.json", IMAGES / 85))).doesNotExist();

        JsonNode resumed = packed(Call.of(arguments(source, "out", 3)));

        assertThat(resumed.get("sets")).isEqualTo(quiet.get("sets"));
        assertThat(resumed.get("images_read").asInt()).isEqualTo(IMAGES);
        assertThat(work).doesNotExist();
        try (Stream<Path> files = Files.list(temp.resolve("out"))) {
            for (Path file : files.toList()) {
                assertThat(file)
                        .hasSameBinaryContentAs(
                                temp.resolve("quiet").resolve(file.getFileName().toString()));
            }
        }
    }

    private static JsonNode packed(Call call) throws IOException {
        assertThat(call.code()).as(call.err()).isZero();
        return new ObjectMapper().readTree(call.out());
    }

    private Object[] arguments(Path source, String out, int threads) {
        return new Object[] {
            "data", "pack", source, "--resolution", "256", "--threads", threads, "--out", temp.resolve(out), "--json"
        };
    }

    private String[] command(Path source, String out, int threads) {
        return Stream.concat(
                        Stream.of(
                                Path.of(System.getProperty("java.home"), "bin", "java")
                                        .toString(),
                                "-cp",
                                System.getProperty("java.class.path"),
                                Isofleet.class.getName()),
                        Stream.of(arguments(source, out, threads)).map(String::valueOf))
                .toArray(String[]::new);
    }

    private Path images() throws IOException {
        Path source = temp.resolve("source");
        for (int i = 0; i < IMAGES; i++) {
            BufferedImage image = new BufferedImage(40, 33, BufferedImage.TYPE_INT_RGB);
            for (int p = 0; p < 40 * 33; p++) {
                image.setRGB(p % 40, p / 40, (p * 31 + i * 7919) * 0x9E3779B1);
            }
            Path folder = Files.createDirectories(source.resolve(i % 2 == 0 ? "even" : "odd"));
            ImageIO.write(image, "png", folder.resolve(i + ".png").toFile());
        }
        return source;
    }
}

package org.isofleet.worker.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.isofleet.protocol.study.ImageSetRef;
import org.isofleet.protocol.study.ModelShape;
import org.isofleet.worker.data.ImageSet.Split;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EmbeddedImagesTest {
    @TempDir
    private static Path cache;

    private final PackedImageSets sets = new PackedImageSets(cache);

    @ParameterizedTest
    @CsvSource({"noto, 16", "noto, 32", "noto, 64", "twemoji, 16", "twemoji, 32", "emoji, 16", "emoji, 32"})
    void digest_ofEverySet_isTheOneStated(String name, int resolution) throws IOException {
        ImageSetRef reference = sets.reference("embedded:" + name, resolution);
        assertThat(reference.sha256())
                .isEqualTo(EmbeddedImages.of(name, resolution).sha256());
        assertThat(reference.trainImages()).isEqualTo(name.equals("emoji") ? 6_244 : 3_122);
    }

    @Test
    void notoByEmoji_holdsTheImagesOfNotoInAnotherSplit() throws IOException {
        try (PackedImages concepts = sets.open("embedded:noto", 16, 3, 256);
                PackedImages emoji = sets.open("embedded:noto-by-emoji", 16, 3, 256)) {
            assertThat(emoji.sha256())
                    .isEqualTo(EmbeddedImages.of("noto-by-emoji", 16).sha256());
            assertThat(pictures(emoji, Split.values())).isEqualTo(pictures(concepts, Split.values()));
            assertThat(emoji.count(Split.TEST)).isEqualTo(387);
            assertThat(pictures(emoji, Split.TEST)).isNotEqualTo(pictures(concepts, Split.TEST));
        }
    }

    /** How often each picture is in these splits. */
    private static Map<ByteBuffer, Integer> pictures(PackedImages images, Split... splits) {
        Map<ByteBuffer, Integer> count = new HashMap<>();
        for (Split split : splits) {
            for (long i = 0; i < images.count(split); i++) {
                byte[] picture = new byte[3 * 16 * 16];
                images.read(split, i, picture, 0);
                count.merge(ByteBuffer.wrap(picture), 1, Integer::sum);
            }
        }
        return count;
    }

    @Test
    void noto_at16_hasNineClassesInEverySplit() throws IOException {
        try (PackedImages images = sets.open("embedded:noto", 16, 3, 256)) {
            assertThat(images.classes())
                    .containsExactly(
                            "Activities",
                            "Animals & Nature",
                            "Flags",
                            "Food & Drink",
                            "Objects",
                            "People & Body",
                            "Smileys & Emotion",
                            "Symbols",
                            "Travel & Places");
            for (Split split : Split.values()) {
                int[] count = new int[9];
                for (long i = 0; i < images.count(split); i++) {
                    count[images.label(split, i)]++;
                }
                for (int inClass : count) {
                    assertThat(inClass).as(split.name()).isGreaterThanOrEqualTo(9);
                }
            }
        }
    }

    @Test
    void concepts_ofAllImages_areInOneSplitEach() throws IOException {
        Map<String, String> split = new HashMap<>();
        for (String[] line : index()) {
            assertThat(split.putIfAbsent(line[3], line[1])).as(line[3]).isIn(null, line[1]);
        }
        assertThat(split).hasSizeBetween(1_550, 1_600);
    }

    /** Skin tones, genders and directions of one activity; both flags of Norway; the colours of hearts. */
    @Test
    void concepts_ofVariants_areTheSame() throws IOException {
        Map<String, String> group = new HashMap<>();
        for (String[] line : index()) {
            group.put(line[0], line[4]);
        }
        for (List<String> same : List.of(
                List.of("1F3C3", "1F3C3-1F3FD-200D-2640-FE0F-200D-27A1-FE0F", "1F3C3-1F3FF-200D-2642-FE0F"),
                List.of("1F9D1-200D-1F52C", "1F468-1F3FB-200D-1F52C", "1F469-1F3FE-200D-1F52C"),
                List.of("1F1F3-1F1F4", "1F1E7-1F1FB", "1F1F8-1F1EF"),
                List.of("1F499", "1F49A", "1F5A4"),
                List.of("1F448-1F3FB", "1F449", "1F446", "1F447"),
                List.of("1F46B", "1F9D1-1F3FB-200D-1F91D-200D-1F9D1-1F3FF"))) {
            assertThat(same.stream().map(group::get).distinct())
                    .as(same.toString())
                    .hasSize(1)
                    .doesNotContainNull();
        }
        assertThat(group.get("1F3C3")).isNotEqualTo(group.get("1F6B6"));
    }

    @ParameterizedTest
    @CsvSource({"16, 256", "16, 32", "32, 256"})
    void images_ofTwoSplits_areNeverEqual(int resolution, int levels) throws IOException {
        try (PackedImages images = sets.open("embedded:emoji", resolution, 3, levels)) {
            Map<String, Split> seen = new HashMap<>();
            byte[] image = new byte[3 * resolution * resolution];
            for (Split split : Split.values()) {
                for (long i = 0; i < images.count(split); i++) {
                    images.read(split, i, image, 0);
                    String key = new String(image, StandardCharsets.ISO_8859_1);
                    assertThat(Objects.requireNonNullElse(seen.putIfAbsent(key, split), split))
                            .isEqualTo(split);
                }
            }
        }
    }

    /** FACTS: 12.8 nats a pixel for independent channels and 8.19 for joint colours over all 3,786 images over black or white. */
    @Test
    void entropy_ofNotoAt16_isAsMeasured() throws IOException {
        try (PackedImages full = sets.open("embedded:noto", 16, 3, 256);
                PackedImages coarse = sets.open("embedded:noto", 16, 3, 32)) {
            ColourEntropy at256 = ColourEntropy.of(full, Split.TRAIN);
            ColourEntropy at32 = ColourEntropy.of(coarse, Split.TRAIN);
            assertThat(at256.jointNatsPerPixel()).isBetween(7.5, 8.6);
            assertThat(at32.jointNatsPerPixel()).isBetween(3.0, 7.0);
            assertThat(at256.independentNatsPerPixel()).isGreaterThan(at256.jointNatsPerPixel());
        }
    }

    @Test
    void set_openedByTwoAtOnce_isUnpackedWhole(@TempDir Path empty) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(2);
        try {
            Callable<String> open = () ->
                    new PackedImageSets(empty).reference("embedded:noto", 16).sha256();
            for (Future<String> digest : threads.invokeAll(List.of(open, open))) {
                assertThat(digest.get()).isEqualTo(EmbeddedImages.of("noto", 16).sha256());
            }
        } finally {
            threads.shutdownNow();
        }
        try (Stream<Path> files = Files.walk(empty)) {
            assertThat(files.filter(f -> f.toString().endsWith(".tmp"))).isEmpty();
        }
    }

    @Test
    void cache_damaged_isMadeAnew(@TempDir Path own) throws IOException {
        PackedImageSets fresh = new PackedImageSets(own);
        String digest = fresh.reference("embedded:noto", 16).sha256();
        Path shard;
        try (Stream<Path> files = Files.walk(own)) {
            shard = files.filter(f -> f.toString().contains("-train-"))
                    .findFirst()
                    .orElseThrow();
        }
        Files.write(shard, new byte[] {1, 2, 3});
        assertThat(fresh.reference("embedded:noto", 16).sha256()).isEqualTo(digest);
    }

    @Test
    void set_otherThanPlanned_isRefused() throws IOException {
        ImageSetRef planned = sets.reference("embedded:noto", 16);
        ModelShape shape = ModelShape.of(16, 3, 32, 2, 32, 2);
        sets.open(planned, shape).close();
        ImageSetRef other = new ImageSetRef("embedded:emoji", planned.sha256(), planned.trainImages());
        assertThatThrownBy(() -> sets.open(other, shape))
                .isInstanceOf(ImageSetException.class)
                .hasMessageContaining("embedded:emoji are not those that were planned with");
    }

    @Test
    void location_unknown_namesWhatThereIs() {
        assertThatThrownBy(() -> sets.open("embedded:cats", 16, 3, 256))
                .hasMessage("there are no images embedded:cats; choose one of embedded:emoji, embedded:noto,"
                        + " embedded:noto-by-emoji, embedded:twemoji");
        assertThatThrownBy(() -> sets.open("embedded:emoji", 64, 3, 256))
                .hasMessage("embedded:emoji has no images of 64 pixels; choose one of 16, 32");
        assertThatThrownBy(() -> sets.open("/no/such/folder", 64, 3, 256))
                .hasMessageContaining("there is no folder /no/such/folder");
        assertThatThrownBy(() -> sets.open(cache.toString(), 64, 3, 256)).hasMessageContaining("holds neither");
    }

    private static List<String[]> index() throws IOException {
        try (BufferedReader reader = new BufferedReader(new InputStreamReader(
                Objects.requireNonNull(EmbeddedImages.class.getResourceAsStream("emoji.tsv")),
                StandardCharsets.UTF_8))) {
            return reader.lines().map(line -> line.split("\t", -1)).toList();
        }
    }
}

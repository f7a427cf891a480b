package org.isofleet.worker.pack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.isofleet.protocol.study.InvalidSpecException;
import org.isofleet.worker.data.ImageSet.Split;
import org.isofleet.worker.data.ImageSetException;
import org.isofleet.worker.data.PackedFolder;
import org.isofleet.worker.data.PackedImages;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Folders of images by class, and what is the same for every format. */
class ImagePackingTest {
    @TempDir
    private Path temp;

    @Test
    void classFolders_withoutSplits_areCutByShares() throws IOException {
        Path source = folders("", 150);
        PackingReport report = pack(source, "packed", 8, 4);
        assertThat(report.format()).isEqualTo("folder");
        assertThat(report.read()).isEqualTo(300);
        assertThat(report.rejected()).isZero();
        assertThat(report.enlarged()).isZero();
        PackedFolder.Contents set = report.sets().get(1);
        assertThat(report.sets()).hasSize(2);
        assertThat(set.resolution()).isEqualTo(8);
        assertThat(set.train() + set.validation() + set.test()).isEqualTo(300);
        assertThat(set.validation()).isBetween(12L, 40L);
        assertThat(set.test()).isBetween(18L, 60L);
        try (PackedImages images = PackedImages.open(temp.resolve("packed"), 8, 3, 256)) {
            assertThat(images.classes()).containsExactly("cat", "dog");
            assertThat(images.label(Split.TRAIN, 0)).isZero();
            assertThat(images.label(Split.TRAIN, set.train() - 1)).isEqualTo(1);
        }
        assertThat(PackedFolder.verify(temp.resolve("packed"))).isEqualTo(report.sets());
        assertThat(listing()).containsExactlyInAnyOrder("source", "packed");
    }

    @Test
    void image_keepsItsSplit_whenOthersAreAdded() {
        SplitRule rule = new SplitRule(java.util.Set.of(), 0.08, 0.12);
        Map<Split, Integer> counts = new EnumMap<>(Split.class);
        for (int i = 0; i < 20_000; i++) {
            counts.merge(rule.of(Sample.rejected("cat/" + i + ".png", "")), 1, Integer::sum);
        }
        assertThat(counts.get(Split.VALIDATION)).isBetween(1_480, 1_720);
        assertThat(counts.get(Split.TEST)).isBetween(2_250, 2_550);
        // The key is part of what a packed set is: these may never change.
        assertThat(Stream.of("cat/0.png", "cat/3.png", "dog/17.jpg", "dog/18.jpg")
                        .map(name -> rule.of(Sample.rejected(name, ""))))
                .containsExactly(Split.TRAIN, Split.TRAIN, Split.VALIDATION, Split.TRAIN);
    }

    @Test
    void ownSplits_areRespected_andOnlyWhatIsMissingIsCut() throws IOException {
        Path source = folders("train/", 100);
        folders("val/", 7);
        PackingReport report = pack(source, "packed", 8);
        assertThat(report.sets().get(0).validation()).isEqualTo(14);
        assertThat(report.sets().get(0).train() + report.sets().get(0).test()).isEqualTo(200);
        assertThat(report.sets().get(0).test()).isBetween(8L, 45L);
        folders("test/", 3);
        PackingReport whole = pack(source, "whole", 8);
        assertThat(whole.sets().get(0).train()).isEqualTo(200);
        assertThat(whole.sets().get(0).validation()).isEqualTo(14);
        assertThat(whole.sets().get(0).test()).isEqualTo(6);
    }

    @Test
    void bytes_areTheSame_onAnyThreadsAndWhereverInterrupted() throws IOException {
        Path source = folders("", 60);
        Pictures.write(source.resolve("cat/0017-broken.png"), new byte[] {1, 2, 3});
        String one = interrupted(source, 1, 1, new int[] {});
        for (int[] at : new int[][] {{0}, {6}, {7}, {50}, {121}, {30, 31, 90}}) {
            assertThat(interrupted(source, 1 + at.length * 3, at[0] % 2 == 0 ? 4 : 1, at))
                    .as("interrupted at " + at[0])
                    .isEqualTo(one);
        }
    }

    /** Packs in segments of seven images, with a failure at each of the given images, and gives the digest of all bytes. */
    private String interrupted(Path source, int name, int threads, int[] failures) throws IOException {
        PackingOptions options = new PackingOptions(List.of(4, 16), 3, 0.1, 0.1, 0.05, threads);
        ImageFolder images = ImageFolder.open(source);
        SplitRule rule = new SplitRule(images.splits(), 0.1, 0.1);
        Path work = temp.resolve("work-" + name + "-" + threads + "-" + failures.length);
        String what = Packing.work(images, options, rule, 7);
        for (int failure : failures) {
            try (SegmentFolder segments = SegmentFolder.open(work, what, options.imageBytes())) {
                Packing packing = new Packing(new Failing(images, failure), options, rule, segments, 7);
                assertThatThrownBy(packing::decode)
                        .isInstanceOf(IOException.class)
                        .hasMessage("pulled out");
            }
            assertThat(work.resolve(String.format("%08d.json", failure / 7 + 1)))
                    .doesNotExist();
        }
        try (SegmentFolder segments = SegmentFolder.open(work, what, options.imageBytes())) {
            Packing packing = new Packing(images, options, rule, segments, 7);
            packing.decode();
            PackingReport report = packing.assemble();
            assertThat(report.read()).isEqualTo(121);
            assertThat(report.rejected()).isEqualTo(1);
            assertThat(Files.readString(segments.set().resolve(PackingReport.REJECTED)))
                    .isEqualTo("cat/0017-broken.png\tis neither JPEG nor PNG: it begins with 010203\n");
            StringBuilder all = new StringBuilder();
            try (Stream<Path> files = Files.list(segments.set())) {
                for (Path file : files.sorted().toList()) {
                    all.append(file.getFileName())
                            .append(' ')
                            .append(java.util.Arrays.hashCode(Files.readAllBytes(file)))
                            .append('\n');
                }
            }
            segments.delete();
            return all.toString();
        }
    }

    /** A source whose disk is pulled out. */
    private record Failing(SampleSource source, int at) implements SampleSource {
        @Override
        public String format() {
            return source.format();
        }

        @Override
        public String fingerprint() {
            return source.fingerprint();
        }

        @Override
        public java.util.OptionalLong expected() {
            return source.expected();
        }

        @Override
        public java.util.Set<Split> splits() {
            return source.splits();
        }

        @Override
        public List<String> classes(int largest) {
            return source.classes(largest);
        }

        @Override
        public Reader open() throws IOException {
            Reader reader = source.open();
            return new Reader() {
                private int given;

                @Override
                public @Nullable Sample next() throws IOException {
                    if (given++ == at) {
                        throw new IOException("pulled out");
                    }
                    return reader.next();
                }

                @Override
                public void close() throws IOException {
                    reader.close();
                }
            };
        }
    }

    @Test
    void segment_damagedOnDisk_isDecodedAgain() throws IOException {
        Path source = folders("", 20);
        ImageFolder images = ImageFolder.open(source);
        PackingOptions options = new PackingOptions(List.of(4), 3, 0.1, 0.1, 0, 2);
        SplitRule rule = new SplitRule(images.splits(), 0.1, 0.1);
        Path work = temp.resolve("work");
        try (SegmentFolder segments = SegmentFolder.open(work, "x", options.imageBytes())) {
            new Packing(images, options, rule, segments, 7).decode();
            byte[] whole = Files.readAllBytes(work.resolve("00000002.images"));
            byte[] damaged = whole.clone();
            damaged[5] ^= 1;
            Files.write(work.resolve("00000002.images"), damaged);
            Files.writeString(work.resolve("00000004.json"), "{\"read\":3");
            new Packing(images, options, rule, segments, 7).decode();
            assertThat(Files.readAllBytes(work.resolve("00000002.images"))).isEqualTo(whole);
            assertThat(segments.find(4)).isPresent();
        }
        // Other work in the same folder begins anew.
        try (SegmentFolder segments = SegmentFolder.open(work, "y", options.imageBytes())) {
            assertThat(segments.find(0)).isEmpty();
            assertThatThrownBy(() -> SegmentFolder.open(work, "y", options.imageBytes()))
                    .isInstanceOf(ImageSetException.class)
                    .hasMessageContaining("another process packs into");
        }
    }

    @Test
    void damagedImages_areListedUpToTheShare_thenRefused() throws IOException {
        Path source = folders("", 100);
        for (int i = 0; i < 3; i++) {
            Path file = source.resolve("dog/" + 2 * i + ".png");
            Files.write(file, java.util.Arrays.copyOf(Files.readAllBytes(file), 60));
        }
        refused(
                "3 of 132 images are damaged, more than 0.01 of 200: the first is dog/0.png, which is cut short or"
                        + " damaged; mend them or allow more with --max-rejected",
                source,
                new PackingOptions(List.of(8), 3, 0.1, 0.1, 0.01, 1));
        PackingReport report = ImagePacking.pack(
                source.toString(), new PackingOptions(List.of(8), 3, 0.1, 0.1, 0.015, 4), temp.resolve("packed"));
        assertThat(report.rejected()).isEqualTo(3);
        assertThat(Files.readAllLines(temp.resolve("packed").resolve(PackingReport.REJECTED)))
                .hasSize(3)
                .first()
                .isEqualTo("dog/0.png\tis cut short or damaged");
        PackedFolder.Contents set = report.sets().get(0);
        assertThat(set.train() + set.validation() + set.test()).isEqualTo(197);
    }

    @Test
    void grey_isTheLumaOfTheSameImages() throws IOException {
        Path source = folders("", 60);
        pack(source, "rgb", 8);
        PackingReport report = ImagePacking.pack(
                source.toString(), new PackingOptions(List.of(8), 1, 0.08, 0.12, 0, 2), temp.resolve("grey"));
        assertThat(report.sets().get(0).channels()).isEqualTo(1);
        try (PackedImages grey = PackedImages.open(temp.resolve("grey"), 8, 1, 256);
                PackedImages rgb = PackedImages.open(temp.resolve("rgb"), 8, 1, 256)) {
            byte[] one = new byte[64];
            byte[] other = new byte[64];
            assertThat(grey.count(Split.TRAIN)).isEqualTo(rgb.count(Split.TRAIN));
            for (int i = 0; i < grey.count(Split.TRAIN); i++) {
                grey.read(Split.TRAIN, i, one, 0);
                rgb.read(Split.TRAIN, i, other, 0);
                assertThat(one).isEqualTo(other);
            }
        }
    }

    @Test
    void smallImages_areEnlargedAndCounted() throws IOException {
        assertThat(pack(folders("", 40), "packed", 16, 13).enlarged()).isEqualTo(80);
    }

    @Test
    void badFolders_areRefusedInOneLine() throws IOException {
        Path source = temp.resolve("source");
        PackingOptions options = new PackingOptions(List.of(8), 3, 0.1, 0.1, 0.01, 2);
        refused("there is no folder " + source, source, options);
        Files.createDirectories(source.resolve("cat"));
        refused(
                "the class folder " + source.resolve("cat") + " is empty; put images there or remove it",
                source,
                options);
        Files.createFile(source.resolve("cat/.hidden"));
        refused("the class folder " + source.resolve("cat") + " is empty", source, options);
        folders("", 30);
        Pictures.write(source.resolve("stray.JPG"), new byte[3]);
        refused(source.resolve("stray.JPG") + " lies in no class folder", source, options);
        Files.delete(source.resolve("stray.JPG"));
        refused("have no side of their own", source, PackingOptions.standard(List.of()));
        refused("leave some for training", source, new PackingOptions(List.of(8), 3, 0.5, 0.5, 0.01, 2));
        refused("in the split validation", source, new PackingOptions(List.of(8), 3, 1e-9, 0.1, 0.01, 2));
        Files.createDirectories(source.resolve("train"));
        refused("holds train, a split, beside cat, which is none", source, options);
        Path splits = Files.createDirectories(temp.resolve("splits"));
        Pictures.write(splits.resolve("val/cat/1.png"), Pictures.png(1, 9, 9));
        refused("holds val but no folder train", splits, options);
        Pictures.write(splits.resolve("train/dog/1.png"), Pictures.png(1, 9, 9));
        refused(splits.resolve("val/cat") + " is a class that the training images do not have", splits, options);
        Pictures.write(splits.resolve("train/cat/1.png"), Pictures.png(1, 9, 9));
        Pictures.write(splits.resolve("Valid/cat/1.png"), Pictures.png(1, 9, 9));
        refused("a split under two names", splits, options);
        Files.createSymbolicLink(splits.resolve("train/dog/loop"), splits);
        refused("is a link to a folder above it", splits, options);
    }

    private void refused(String message, Path source, PackingOptions options) throws IOException {
        List<String> before = listing();
        assertThatThrownBy(() -> ImagePacking.pack(source.toString(), options, temp.resolve("out")))
                .isInstanceOfAny(ImageSetException.class, InvalidSpecException.class)
                .hasMessageContaining(message)
                .message()
                .hasLineCount(1);
        assertThat(listing()).isEqualTo(before);
    }

    private PackingReport pack(Path source, String name, Integer... resolutions) throws IOException {
        return ImagePacking.pack(source.toString(), PackingOptions.standard(List.of(resolutions)), temp.resolve(name));
    }

    private List<String> listing() throws IOException {
        try (Stream<Path> files = Files.list(temp)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    /** Two classes of so many images each, half of them PNG, half JPEG. */
    private Path folders(String prefix, int images) throws IOException {
        Path source = temp.resolve("source");
        for (int i = 0; i < images; i++) {
            for (String name : List.of("cat", "dog")) {
                Path folder = source.resolve(prefix + name + (i % 10 == 9 ? "/more" : ""));
                int seed = i * 2 + name.length() + (name.equals("dog") ? 1 : 0);
                if (i % 2 == 0) {
                    Pictures.write(folder.resolve(i + ".png"), Pictures.png(seed, 12 + i % 5, 12));
                } else {
                    Pictures.write(folder.resolve(i + ".jpg"), Pictures.jpeg(seed, 12, 12 + i % 7));
                }
            }
        }
        return source;
    }
}

package org.isofleet.worker.pack;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.IntStream;
import org.isofleet.worker.data.ImageSet.Split;
import org.isofleet.worker.data.ImageSetException;
import org.jspecify.annotations.Nullable;

/**
 * CIFAR-10 or CIFAR-100 in their binary version (Krizhevsky 2009): records of one label byte, of CIFAR-100 a coarse and then a fine one,
 * and 3,072 bytes of a 32 x 32 image, [channel][row][column]. Classes of CIFAR-100 are the fine ones.
 */
final class CifarFiles implements SampleSource {
    private static final int SIDE = 32;
    private static final int IMAGE_BYTES = Picture.CHANNELS * SIDE * SIDE;

    /**
     * Which of the two it is.
     *
     * @param labels bytes before an image, of which the last is the class
     * @param names the file of their names
     */
    private record Kind(int labels, int classes, String test, String names) {
        int record() {
            return labels + IMAGE_BYTES;
        }
    }

    private static final Kind TEN = new Kind(1, 10, "test_batch.bin", "batches.meta.txt");
    private static final Kind HUNDRED = new Kind(2, 100, "test.bin", "fine_label_names.txt");

    private final Path folder;
    private final Kind kind;
    private final List<SourceFile> files;
    private final List<String> classes;

    private CifarFiles(Path folder, Kind kind, List<SourceFile> files, List<String> classes) {
        this.folder = folder;
        this.kind = kind;
        this.files = files;
        this.classes = classes;
    }

    /** Whether a folder holds training images of either. */
    static boolean in(List<SourceFile> files) {
        return has(files, "data_batch_1.bin") || has(files, "train.bin");
    }

    private static boolean has(List<SourceFile> files, String name) {
        return files.stream().anyMatch(file -> file.name().equals(name));
    }

    /** @param all files of the folder */
    static CifarFiles open(Path folder, List<SourceFile> all) throws IOException {
        Kind kind = has(all, "data_batch_1.bin") ? TEN : HUNDRED;
        List<String> names = new ArrayList<>();
        if (kind.equals(TEN)) {
            long batches = all.stream()
                    .filter(file -> file.name().matches("data_batch_\\d+\\.bin"))
                    .count();
            for (int batch = 1; batch <= batches; batch++) {
                names.add("data_batch_" + batch + ".bin");
            }
        } else {
            names.add("train.bin");
        }
        names.add(kind.test());
        List<SourceFile> files = new ArrayList<>();
        for (String name : names) {
            SourceFile file = all.stream()
                    .filter(one -> one.name().equals(name))
                    .findFirst()
                    .orElseThrow(() -> new ImageSetException(folder.resolve(name) + " is missing; fetch it"));
            if (file.bytes() == 0 || file.bytes() % kind.record() != 0) {
                throw new ImageSetException(folder.resolve(name) + " has " + file.bytes()
                        + " bytes, which are no whole number of images of " + kind.record() + "; fetch it again");
            }
            files.add(file);
        }
        return new CifarFiles(folder, kind, files, names(folder, kind));
    }

    private static List<String> names(Path folder, Kind kind) throws IOException {
        Path file = folder.resolve(kind.names());
        if (!Files.exists(file)) {
            return IntStream.range(0, kind.classes()).mapToObj(String::valueOf).toList();
        }
        if (Files.size(file) > 1 << 16) {
            throw new ImageSetException(file + " is no list of " + kind.classes() + " names; fetch it again");
        }
        List<String> names = new String(Files.readAllBytes(file), java.nio.charset.StandardCharsets.UTF_8)
                .lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty())
                .toList();
        if (names.size() != kind.classes()) {
            throw new ImageSetException(
                    file + " holds " + names.size() + " names, not " + kind.classes() + "; fetch it again");
        }
        return names;
    }

    @Override
    public String format() {
        return kind.equals(TEN) ? "cifar-10" : "cifar-100";
    }

    @Override
    public String fingerprint() {
        return SourceFile.fingerprint(files);
    }

    @Override
    public OptionalLong expected() {
        return OptionalLong.of(
                files.stream().mapToLong(file -> file.bytes() / kind.record()).sum());
    }

    @Override
    public OptionalInt side() {
        return OptionalInt.of(SIDE);
    }

    @Override
    public Set<Split> splits() {
        return EnumSet.of(Split.TRAIN, Split.TEST);
    }

    @Override
    public List<String> classes(int largest) {
        return classes;
    }

    @Override
    public Reader open() {
        return new Records();
    }

    /** Reads one file after the other. */
    private final class Records implements Reader {
        private int file = -1;
        private long record;
        private InputStream in = InputStream.nullInputStream();

        @Override
        public @Nullable Sample next() throws IOException {
            while (file < 0 || record * kind.record() == files.get(file).bytes()) {
                in.close();
                if (++file == files.size()) {
                    file--;
                    return null;
                }
                record = 0;
                in = new BufferedInputStream(
                        Files.newInputStream(folder.resolve(files.get(file).name())), 1 << 16);
            }
            SourceFile source = files.get(file);
            byte[] read = in.readNBytes(kind.record());
            if (read.length < kind.record()) {
                throw new ImageSetException(
                        folder.resolve(source.name()) + " was changed while it was packed; start again");
            }
            int label = read[kind.labels() - 1] & 0xFF;
            if (label >= kind.classes()) {
                throw new ImageSetException(folder.resolve(source.name()) + " is damaged: image " + record
                        + " has the label " + label + " of " + kind.classes() + " classes; fetch it again");
            }
            Split split = source.name().equals(kind.test()) ? Split.TEST : Split.TRAIN;
            byte[] pixels = java.util.Arrays.copyOfRange(read, kind.labels(), read.length);
            return new Sample(
                    source.name() + "#" + record++, split, label, pixels.length, () -> new Picture(SIDE, SIDE, pixels));
        }

        @Override
        public void close() throws IOException {
            in.close();
        }
    }
}

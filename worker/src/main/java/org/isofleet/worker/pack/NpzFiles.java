package org.isofleet.worker.pack;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
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
 * The ImageNet archives of 16, 32 and 64 pixels (Chrabaszcz, Loshchilov, Hutter 2017): {@code train_data_batch_1.npz} and so on, and
 * {@code val_data.npz}. Published labels go from 1 to 1000; classes are named by the number as stored.
 */
final class NpzFiles implements SampleSource {
    private final List<SourceFile> sources;
    private final List<NpzFile> files;
    private final Set<Split> splits = EnumSet.noneOf(Split.class);
    private final int firstLabel;
    private final int lastLabel;

    private NpzFiles(List<SourceFile> sources, List<NpzFile> files) {
        this.sources = sources;
        this.files = files;
        files.forEach(file -> SplitNames.in(file.name()).ifPresent(splits::add));
        this.lastLabel = files.stream()
                .flatMapToInt(file -> Arrays.stream(file.labels()))
                .max()
                .orElse(0);
        this.firstLabel = files.stream()
                        .flatMapToInt(file -> Arrays.stream(file.labels()))
                        .anyMatch(label -> label == 0)
                ? 0
                : 1;
    }

    static NpzFiles open(Path folder, List<SourceFile> sources) throws IOException {
        List<NpzFile> files = new ArrayList<>();
        for (SourceFile source : sources) {
            NpzFile file = NpzFile.open(folder.resolve(source.name()), source.name());
            if (!files.isEmpty() && files.get(0).side() != file.side()) {
                throw new ImageSetException(file.file() + " has images of " + file.side() + " pixels, "
                        + files.get(0).file() + " of " + files.get(0).side() + "; put them into folders of their own");
            }
            files.add(file);
        }
        return new NpzFiles(sources, files);
    }

    @Override
    public String format() {
        return "npz";
    }

    @Override
    public String fingerprint() {
        return SourceFile.fingerprint(sources);
    }

    @Override
    public OptionalLong expected() {
        return OptionalLong.of(
                files.stream().mapToLong(file -> file.labels().length).sum());
    }

    @Override
    public OptionalInt side() {
        return OptionalInt.of(files.get(0).side());
    }

    @Override
    public Set<Split> splits() {
        return splits;
    }

    @Override
    public List<String> classes(int largest) {
        return IntStream.rangeClosed(firstLabel, Math.max(firstLabel, lastLabel))
                .mapToObj(String::valueOf)
                .toList();
    }

    @Override
    public Reader open() {
        return new Images();
    }

    /** Reads one archive after the other. */
    private final class Images implements Reader {
        private int at = -1;
        private int image;
        private InputStream in = InputStream.nullInputStream();

        @Override
        public @Nullable Sample next() throws IOException {
            while (at < 0 || image == files.get(at).labels().length) {
                in.close();
                if (at + 1 == files.size()) {
                    return null;
                }
                at++;
                image = 0;
                in = files.get(at).images();
            }
            NpzFile file = files.get(at);
            byte[] pixels = file.next(in);
            int label = file.labels()[image] - firstLabel;
            String name = file.name() + "#" + image++;
            Split split = SplitNames.in(file.name()).orElse(Split.TRAIN);
            return new Sample(name, split, label, pixels.length, () -> new Picture(file.side(), file.side(), pixels));
        }

        @Override
        public void close() throws IOException {
            in.close();
        }
    }
}

package org.isofleet.worker.pack;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.isofleet.worker.data.ImageSet.Split;
import org.isofleet.worker.data.ImageSetException;
import org.jspecify.annotations.Nullable;

/**
 * A folder that holds a folder for each class, named as the class, or a folder for each split that does ({@code train/cat/1.jpg}). Every
 * file of a class folder and below it counts as an image, whatever its name, but for hidden ones; so none is passed over in silence.
 */
final class ImageFolder implements SampleSource {
    /** Longer files than any photograph's are not read into memory. */
    static final long MOST_BYTES = 1L << 28;

    private final Path root;
    private final List<String> classes;
    private final List<Entry> entries;
    private final Set<Split> splits;
    private final String fingerprint;

    private record Entry(SourceFile file, Split split, int label) {}

    private ImageFolder(Path root, List<String> classes, List<Entry> entries, Set<Split> splits, String fingerprint) {
        this.root = root;
        this.classes = classes;
        this.entries = entries;
        this.splits = splits;
        this.fingerprint = fingerprint;
    }

    /** Whether a folder holds folders. */
    static boolean in(Path folder) throws IOException {
        return !folders(folder).isEmpty();
    }

    static ImageFolder open(Path root) throws IOException {
        List<String> names = folders(root);
        List<String> named =
                names.stream().filter(name -> SplitNames.of(name).isPresent()).toList();
        Set<Split> splits = EnumSet.noneOf(Split.class);
        List<SourceFile> files = new ArrayList<>();
        List<Entry> entries = new ArrayList<>();
        if (named.isEmpty()) {
            List<String> classes = classes(root);
            add(root, "", classes, Split.TRAIN, entries, files);
            return new ImageFolder(root, classes, entries, splits, SourceFile.fingerprint(files));
        }
        if (named.size() < names.size()) {
            String other =
                    names.stream().filter(n -> !named.contains(n)).findFirst().orElseThrow();
            throw new ImageSetException(root + " holds " + named.get(0) + ", a split, beside " + other
                    + ", which is none; name the folder of the splits, or move " + other + " away");
        }
        String train = folderOf(Split.TRAIN, named)
                .orElseThrow(() -> new ImageSetException(
                        root + " holds " + named.get(0) + " but no folder train; add it or name another folder"));
        List<String> classes = classes(root.resolve(train));
        for (Split split : Split.values()) {
            Optional<String> name = folderOf(split, named);
            if (name.isPresent()) {
                splits.add(split);
                requireKnown(root, name.get(), classes);
                add(root, name.get() + "/", classes, split, entries, files);
            }
        }
        if (splits.size() < named.size()) {
            throw new ImageSetException(root + " holds a split under two names: " + String.join(", ", named)
                    + "; put them into one folder");
        }
        return new ImageFolder(root, classes, entries, splits, SourceFile.fingerprint(files));
    }

    private static Optional<String> folderOf(Split split, List<String> names) {
        return names.stream()
                .filter(name -> SplitNames.of(name).orElseThrow() == split)
                .findFirst();
    }

    private static List<String> folders(Path folder) throws IOException {
        try (Stream<Path> all = Files.list(folder)) {
            return all.filter(Files::isDirectory)
                    .map(path -> path.getFileName().toString())
                    .filter(name -> !name.startsWith("."))
                    .sorted()
                    .toList();
        }
    }

    /** The class folders of a folder, of which nothing that looks like an image lies beside. */
    private static List<String> classes(Path folder) throws IOException {
        for (SourceFile file : SourceFile.below(folder, 1)) {
            if (file.endsWith(".jpg", ".jpeg", ".png")) {
                throw new ImageSetException(
                        folder.resolve(file.name()) + " lies in no class folder; move it into one named as its class");
            }
        }
        List<String> classes = folders(folder);
        if (classes.isEmpty()) {
            throw new ImageSetException(folder + " holds no class folders; make one for each class");
        }
        if (classes.size() > Short.MAX_VALUE) {
            throw new ImageSetException(
                    folder + " holds " + classes.size() + " class folders; at most " + Short.MAX_VALUE + " are packed");
        }
        return classes;
    }

    private static void requireKnown(Path root, String split, List<String> classes) throws IOException {
        for (String name : new TreeSet<>(classes(root.resolve(split)))) {
            if (!classes.contains(name)) {
                throw new ImageSetException(root.resolve(split).resolve(name)
                        + " is a class that the training images do not have; add it there or remove it");
            }
        }
    }

    private static void add(
            Path root, String prefix, List<String> classes, Split split, List<Entry> entries, List<SourceFile> files)
            throws IOException {
        for (int label = 0; label < classes.size(); label++) {
            Path folder = root.resolve(prefix + classes.get(label));
            if (!Files.isDirectory(folder)) {
                continue;
            }
            List<SourceFile> found = SourceFile.below(folder, Integer.MAX_VALUE);
            if (found.isEmpty()) {
                throw new ImageSetException("the class folder " + folder + " is empty; put images there or remove it");
            }
            for (SourceFile file : found) {
                SourceFile named =
                        new SourceFile(prefix + classes.get(label) + "/" + file.name(), file.bytes(), file.changed());
                files.add(named);
                entries.add(new Entry(named, split, label));
            }
        }
    }

    @Override
    public String format() {
        return "folder";
    }

    @Override
    public String fingerprint() {
        return fingerprint;
    }

    @Override
    public OptionalLong expected() {
        return OptionalLong.of(entries.size());
    }

    @Override
    public Set<Split> splits() {
        return splits;
    }

    @Override
    public List<String> classes(int largest) {
        return classes;
    }

    @Override
    public Reader open() {
        Iterator<Entry> left = entries.iterator();
        return new Reader() {
            @Override
            public @Nullable Sample next() {
                return left.hasNext() ? sample(left.next()) : null;
            }

            @Override
            public void close() {}
        };
    }

    private Sample sample(Entry entry) {
        return new Sample(
                entry.file().name(), entry.split(), entry.label(), entry.file().bytes(), () -> {
                    if (entry.file().bytes() > MOST_BYTES) {
                        throw new DamagedImageException(
                                "has " + entry.file().bytes() + " bytes; at most " + MOST_BYTES + " are read");
                    }
                    return ImageDecoder.decode(
                            Files.readAllBytes(root.resolve(entry.file().name())));
                });
    }
}

package org.isofleet.worker.pack;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.isofleet.worker.data.ImageSet.Split;
import org.isofleet.worker.data.ImageSetException;
import org.jspecify.annotations.Nullable;

/**
 * Tar files as WebDataset makes them, plain or gzipped: entries that follow one another and have the same path up to the first dot of their
 * name make one sample. Its image is {@code .jpg}, {@code .jpeg} or {@code .png}; its class a number from 0 on in {@code .cls}, or the
 * {@code label} or {@code cls} of {@code .json}. A file's or folder's name says the split ({@code imagenet-train-0000.tar}).
 */
final class WebDataset implements SampleSource {
    static final String[] ENDINGS = {".tar", ".tar.gz", ".tgz"};

    private final Path folder;
    private final List<SourceFile> files;
    private final Set<Split> splits = EnumSet.noneOf(Split.class);

    WebDataset(Path folder, List<SourceFile> files) {
        this.folder = folder;
        this.files = files;
        files.forEach(file -> SplitNames.in(file.name()).ifPresent(splits::add));
    }

    @Override
    public String format() {
        return "webdataset";
    }

    @Override
    public String fingerprint() {
        return SourceFile.fingerprint(files);
    }

    @Override
    public OptionalLong expected() {
        return OptionalLong.empty();
    }

    @Override
    public Set<Split> splits() {
        return splits;
    }

    @Override
    public List<String> classes(int largest) {
        return IntStream.rangeClosed(0, largest).mapToObj(String::valueOf).toList();
    }

    @Override
    public Reader open() {
        return new Samples();
    }

    /** Reads one file after the other. */
    private final class Samples implements Reader {
        private int at = -1;
        private @Nullable TarSamples samples;

        @Override
        public @Nullable Sample next() throws IOException {
            while (true) {
                Sample next = samples == null ? null : samples.next();
                if (next != null) {
                    return next;
                }
                close();
                if (at + 1 == files.size()) {
                    return null;
                }
                SourceFile file = files.get(++at);
                samples = new TarSamples(
                        folder.resolve(file.name()),
                        file.name(),
                        SplitNames.in(file.name()).orElse(Split.TRAIN));
            }
        }

        @Override
        public void close() throws IOException {
            if (samples != null) {
                samples.close();
                samples = null;
            }
        }
    }

    /** The samples of one tar file. */
    private static final class TarSamples implements AutoCloseable {
        private static final Set<String> IMAGES = Set.of("jpg", "jpeg", "png");
        private static final Set<String> LABELS = Set.of("cls", "json");
        private static final int MOST_LABEL_BYTES = 1 << 20;

        private final Path path;
        private final String name;
        private final Split split;
        private final TarArchiveInputStream in;

        /** The sample that grows: its key, and its files by their endings. */
        private @Nullable String key;

        private Map<String, byte[]> parts = new LinkedHashMap<>();

        TarSamples(Path path, String name, Split split) throws IOException {
            this.path = path;
            this.name = name;
            this.split = split;
            InputStream raw = new BufferedInputStream(Files.newInputStream(path), 1 << 16);
            try {
                this.in = new TarArchiveInputStream(
                        name.toLowerCase(Locale.ROOT).endsWith("gz") ? new GZIPInputStream(raw, 1 << 16) : raw);
            } catch (IOException e) {
                raw.close();
                throw damaged(e);
            }
        }

        @Nullable
        Sample next() throws IOException {
            try {
                for (TarArchiveEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
                    String file = entry.getName();
                    String base = file.substring(file.lastIndexOf('/') + 1);
                    if (!entry.isFile() || base.startsWith(".") || base.indexOf('.') < 0) {
                        continue;
                    }
                    int dot = file.length() - base.length() + base.indexOf('.');
                    String own = file.substring(0, dot);
                    String ending = file.substring(dot + 1).toLowerCase(Locale.ROOT);
                    Sample before = own.equals(key) ? null : finished();
                    key = own;
                    read(entry, ending);
                    if (before != null) {
                        return before;
                    }
                }
                return finished();
            } catch (FileSystemException | ImageSetException e) {
                throw e;
            } catch (IOException | IllegalArgumentException e) {
                throw damaged(e);
            }
        }

        private void read(TarArchiveEntry entry, String ending) throws IOException {
            boolean label = LABELS.contains(ending);
            if (!label && !IMAGES.contains(ending)) {
                return;
            }
            long most = label ? MOST_LABEL_BYTES : ImageFolder.MOST_BYTES;
            if (entry.getSize() > most) {
                parts.put(ending, new byte[0]);
                return;
            }
            byte[] bytes = in.readNBytes((int) entry.getSize());
            if (bytes.length < entry.getSize()) {
                throw new EOFException("it is cut short");
            }
            parts.put(ending, bytes);
        }

        /** The sample that has grown, if there is one; the next begins. */
        private @Nullable Sample finished() {
            String of = key;
            Map<String, byte[]> grown = parts;
            key = null;
            parts = new LinkedHashMap<>();
            if (of == null) {
                return null;
            }
            String full = name + "/" + of;
            byte[] image = grown.entrySet().stream()
                    .filter(part -> IMAGES.contains(part.getKey()))
                    .map(Map.Entry::getValue)
                    .findFirst()
                    .orElse(null);
            if (image == null) {
                return Sample.rejected(full, "has no .jpg, .jpeg or .png");
            }
            try {
                int label = TarLabel.of(grown.get("cls"), grown.get("json"));
                return new Sample(full, split, label, image.length, () -> ImageDecoder.decode(image));
            } catch (DamagedImageException e) {
                return Sample.rejected(full, String.valueOf(e.getMessage()));
            }
        }

        private ImageSetException damaged(Exception e) {
            String reason = String.valueOf(e.getMessage()).replaceAll("\\s+", " ");
            return new ImageSetException(
                    path + " is damaged: " + reason + "; fetch it again",
                    e instanceof IOException io ? io : new IOException(e));
        }

        @Override
        public void close() throws IOException {
            in.close();
        }
    }
}

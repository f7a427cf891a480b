package org.isofleet.worker.pack;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.isofleet.worker.data.ImageSetException;

/** Finds out which format a source is in, by the names of its files. */
final class SourceFormats {
    private static final String KNOWN =
            "a folder with a folder of JPEG or PNG images for each class, the files of CIFAR"
                    + " (data_batch_1.bin, train.bin), .npz archives of ImageNet, WebDataset's .tar, .parquet or IDX, or embedded:noto";

    /** Files of archives may lie in folders of the source, as in {@code data/train/0000.tar}. */
    private static final int DEPTH = 3;

    private SourceFormats() {}

    /**
     * The source at a path.
     *
     * @throws ImageSetException when there is none, or its files are not fit; the message is one line
     */
    static SampleSource find(String location) throws IOException {
        Path path = path(location);
        if (!Files.exists(path)) {
            throw new ImageSetException("there is no folder " + path + " of images; name " + KNOWN);
        }
        boolean single = !Files.isDirectory(path);
        Path folder = single ? path.toAbsolutePath().getParent() : path;
        if (folder == null) {
            throw unknown(path);
        }
        List<SourceFile> beside = SourceFile.below(folder, 1);
        if (!single && CifarFiles.in(beside)) {
            return CifarFiles.open(folder, beside);
        }
        List<SourceFile> files = single
                ? beside.stream()
                        .filter(file -> file.name().equals(path.getFileName().toString()))
                        .toList()
                : SourceFile.below(folder, DEPTH);
        Map<String, List<SourceFile>> archives = new LinkedHashMap<>();
        put(archives, files, ".npz");
        put(archives, files, WebDataset.ENDINGS);
        put(archives, files, ".parquet");
        if (archives.size() > 1) {
            throw new ImageSetException(path + " holds files of several formats ("
                    + String.join(", ", archives.keySet()) + "); name one file, or a folder with those of one format");
        }
        if (archives.containsKey(".npz")) {
            return NpzFiles.open(folder, archives.getOrDefault(".npz", List.of()));
        }
        if (archives.containsKey(".parquet")) {
            return ParquetFiles.open(folder, archives.getOrDefault(".parquet", List.of()));
        }
        if (archives.containsKey(WebDataset.ENDINGS[0])) {
            return new WebDataset(folder, archives.getOrDefault(WebDataset.ENDINGS[0], List.of()));
        }
        if (!single && ImageFolder.in(folder)) {
            return ImageFolder.open(folder);
        }
        throw unknown(path);
    }

    private static void put(Map<String, List<SourceFile>> archives, List<SourceFile> files, String... endings) {
        List<SourceFile> found =
                files.stream().filter(file -> file.endsWith(endings)).toList();
        if (!found.isEmpty()) {
            archives.put(endings[0], found);
        }
    }

    private static ImageSetException unknown(Path path) throws IOException {
        boolean pickled = Files.isDirectory(path) && Files.exists(path.resolve("train_data_batch_1"));
        return new ImageSetException(
                pickled
                        ? path
                                + " holds Python pickles (train_data_batch_1), which may run code when they are read; fetch"
                                + " the npz archives instead, or save them with numpy.savez(name, data=..., labels=...)"
                        : path + " holds no images of a format that is known: name " + KNOWN);
    }

    private static Path path(String location) throws ImageSetException {
        try {
            return Path.of(location);
        } catch (InvalidPathException e) {
            throw new ImageSetException("'" + location.replace('\0', '?') + "' is no path; name a folder of images");
        }
    }
}

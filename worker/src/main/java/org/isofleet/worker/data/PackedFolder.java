package org.isofleet.worker.data;

import static org.isofleet.protocol.study.Requirement.require;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Stream;
import org.isofleet.protocol.study.ImageSetRef;
import org.isofleet.worker.data.ImageSet.Split;

/** A folder of packed sets, one a resolution: made from other formats, and checked. A study can name it as the location of its images. */
public final class PackedFolder {
    private PackedFolder() {}

    /**
     * One packed set.
     *
     * @param channels values per pixel as stored
     * @param sha256 of the whole set
     */
    public record Contents(
            int resolution, int channels, int classes, long train, long validation, long test, String sha256) {}

    /**
     * Packs images into a new folder. It appears under its name when all of it is written and checked; what fails leaves nothing.
     *
     * @param source {@code embedded:noto} and the like, or a folder of IDX files
     * @param resolutions image sides; empty for those that the source has
     * @param folder to be made, in one that is there
     * @throws ImageSetException with one line that names place and mend
     */
    public static List<Contents> pack(String source, List<Integer> resolutions, Path folder) throws IOException {
        Path target = requireNew(folder);
        ImageSource images = ImageSource.of(source);
        for (int resolution : resolutions) {
            require(resolution >= 1 && resolution <= 1024, "a resolution is 1 to 1024 pixels, not %d", resolution);
        }
        // Not a temporary directory of Java's, which only its owner could read.
        Path growing =
                Files.createDirectory(target.resolveSibling("." + target.getFileName() + "." + UUID.randomUUID()));
        try {
            for (int resolution : resolutions.isEmpty() ? images.resolutions() : new TreeSet<>(resolutions)) {
                images.packInto(growing, resolution);
            }
            List<Contents> written = verify(growing);
            Files.move(growing, target, StandardCopyOption.ATOMIC_MOVE);
            return written;
        } finally {
            delete(growing);
        }
    }

    /** Whether {@link #pack} packs what lies there: embedded images, or a folder of IDX files. */
    public static boolean packsItself(String source) throws IOException {
        return source.startsWith(ImageSetRef.EMBEDDED)
                || (Files.isDirectory(ImageSource.path(source)) && IdxImages.in(ImageSource.path(source)));
    }

    /** Refuses a folder that is there, or whose own folder is not. */
    public static Path requireNew(Path folder) throws ImageSetException {
        Path target = folder.toAbsolutePath().normalize();
        Path parent = target.getParent();
        if (parent == null || Files.exists(target)) {
            throw new ImageSetException(folder + " is there already; name a folder that is not");
        }
        if (!Files.isDirectory(parent)) {
            throw new ImageSetException("there is no folder " + parent + " to make " + target.getFileName()
                    + " in; make it or name another");
        }
        return target;
    }

    /**
     * Checks every image of every set in a folder against its digest.
     *
     * @throws ImageSetException naming the first file that is damaged or missing
     */
    public static List<Contents> verify(Path folder) throws IOException {
        List<Contents> sets = new ArrayList<>();
        for (int resolution : PackedManifest.resolutions(ImageSource.folder(folder.toString()))) {
            int channels = PackedManifest.read(folder, resolution).channels();
            try (PackedImages images = PackedImages.open(folder, resolution, channels, 256)) {
                images.verify();
                sets.add(new Contents(
                        resolution,
                        channels,
                        images.classes().size(),
                        images.count(Split.TRAIN),
                        images.count(Split.VALIDATION),
                        images.count(Split.TEST),
                        images.sha256()));
            }
        }
        if (sets.isEmpty()) {
            throw new ImageSetException(folder + " holds no packed images (images-16.json and the like); name a folder"
                    + " that isofleet data pack made");
        }
        return sets;
    }

    private static void delete(Path folder) throws IOException {
        if (Files.exists(folder)) {
            try (Stream<Path> files = Files.list(folder)) {
                for (Path file : files.toList()) {
                    Files.delete(file);
                }
            }
            Files.delete(folder);
        }
    }
}

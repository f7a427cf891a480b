package org.isofleet.worker.data;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import org.isofleet.protocol.study.ImageSetRef;

/** Where images come from before they are packed. */
interface ImageSource {
    /** The image sides that it has by itself, rising. */
    List<Integer> resolutions() throws IOException;

    /** A name for the packed set of a resolution that is another when the images are. */
    String key(int resolution) throws IOException;

    /** Packs all images at a resolution. */
    void packInto(Path folder, int resolution) throws IOException;

    /**
     * The source at a location.
     *
     * @param location {@code embedded:noto} and the like, or a folder of IDX files
     * @throws ImageSetException when there is none
     */
    static ImageSource of(String location) throws IOException {
        if (location.startsWith(ImageSetRef.EMBEDDED)) {
            return EmbeddedImages.source(location.substring(ImageSetRef.EMBEDDED.length()));
        }
        Path folder = folder(location);
        if (IdxImages.in(folder)) {
            return new IdxImages(folder);
        }
        throw new ImageSetException(
                folder + " holds no IDX files (train-images-idx3-ubyte); name a folder of such, or" + " embedded:noto");
    }

    /** The folder of that name, which is there. */
    static Path folder(String location) throws ImageSetException {
        Path folder = path(location);
        if (!Files.isDirectory(folder)) {
            throw new ImageSetException("there is no folder " + folder
                    + " of images; name a folder of packed shards or IDX files, or embedded:noto");
        }
        return folder;
    }

    /** The path of that name. */
    static Path path(String location) throws ImageSetException {
        try {
            return Path.of(location);
        } catch (InvalidPathException e) {
            throw new ImageSetException("'" + location.replace('\0', '?')
                    + "' is no path; name a folder of packed shards or IDX files, or embedded:noto");
        }
    }
}

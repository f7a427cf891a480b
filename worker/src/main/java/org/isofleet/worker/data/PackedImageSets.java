package org.isofleet.worker.data;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.isofleet.protocol.study.ImageSetRef;
import org.isofleet.protocol.study.ModelShape;
import org.isofleet.worker.data.ImageSet.Split;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens {@code embedded:noto}, {@code embedded:twemoji}, {@code embedded:emoji} (both), a folder of packed shards, or a folder of IDX
 * files. What is not packed yet is packed into the cache folder on first use, by whichever process comes first; a damaged cache is made anew.
 */
public final class PackedImageSets implements ImageSets {
    private static final Logger LOG = LoggerFactory.getLogger(PackedImageSets.class);

    private final Path cache;

    /** Sets that are unpacked into a folder. */
    public PackedImageSets(Path cache) {
        this.cache = cache;
    }

    /** Sets that are unpacked into {@code $ISOFLEET_CACHE}, else {@code $XDG_CACHE_HOME/isofleet}, else {@code ~/.cache/isofleet}. */
    public static PackedImageSets inUserCache() {
        String own = System.getenv("ISOFLEET_CACHE");
        if (own != null && !own.isBlank()) {
            return new PackedImageSets(Path.of(own));
        }
        String xdg = System.getenv("XDG_CACHE_HOME");
        Path base = xdg == null || xdg.isBlank() ? Path.of(System.getProperty("user.home"), ".cache") : Path.of(xdg);
        return new PackedImageSets(base.resolve("isofleet"));
    }

    @Override
    public PackedImages open(ImageSetRef reference, ModelShape shape) throws IOException {
        PackedImages images = open(reference.location(), shape.resolution(), shape.channels(), shape.levels());
        if (!images.sha256().equals(reference.sha256())) {
            throw new ImageSetException("the images at " + reference.location()
                    + " are not those that were planned with: SHA-256 " + images.sha256() + ", not "
                    + reference.sha256() + "; put the old ones back or plan again");
        }
        return images;
    }

    /**
     * Opens a set whatever its digest is.
     *
     * @param location as in {@link ImageSetRef}
     */
    public PackedImages open(String location, int resolution, int channels, int levels) throws IOException {
        if (!location.startsWith(ImageSetRef.EMBEDDED)) {
            Path folder = ImageSource.folder(location);
            if (Files.exists(PackedManifest.in(folder, resolution))) {
                return PackedImages.open(folder, resolution, channels, levels);
            }
            if (!IdxImages.in(folder)) {
                throw new ImageSetException(folder + " holds neither packed images of " + resolution
                        + " pixels (images-" + resolution
                        + ".json) nor IDX files (train-images-idx3-ubyte); pack them with isofleet data pack or name"
                        + " another folder");
            }
        }
        return cached(ImageSource.of(location), resolution, channels, levels);
    }

    /** The reference that a study puts into its runs: location, digest and number of training images. */
    public ImageSetRef reference(String location, int resolution) throws IOException {
        try (PackedImages images = open(location, resolution, 1, 256)) {
            return new ImageSetRef(location, images.sha256(), images.count(Split.TRAIN));
        }
    }

    private PackedImages cached(ImageSource source, int resolution, int channels, int levels) throws IOException {
        Path folder = cache.resolve("images").resolve(source.key(resolution));
        if (Files.exists(PackedManifest.in(folder, resolution))) {
            try {
                return PackedImages.open(folder, resolution, channels, levels);
            } catch (ImageSetException e) {
                LOG.warn("unpacking images again: {}", e.getMessage());
            }
        }
        source.packInto(folder, resolution);
        return PackedImages.open(folder, resolution, channels, levels);
    }
}

package org.isofleet.deploy.study;

import java.io.IOException;
import org.isofleet.protocol.study.ImageSetRef;
import org.isofleet.protocol.study.InvalidSpecException;
import org.isofleet.worker.data.ColourEntropy;
import org.isofleet.worker.data.ImageSet;
import org.isofleet.worker.data.PackedImageSets;

/** Image sets that this machine can open. */
public final class LocalImages implements ImageCatalog {
    private final PackedImageSets sets;

    /** Sets that are unpacked into the user's cache. */
    public LocalImages() {
        this(PackedImageSets.inUserCache());
    }

    /** Sets that are unpacked elsewhere. */
    public LocalImages(PackedImageSets sets) {
        this.sets = sets;
    }

    @Override
    public ImageSetRef find(String location, int resolution) {
        try {
            return sets.reference(location, resolution);
        } catch (IOException e) {
            throw new InvalidSpecException("images.location: " + e.getMessage());
        }
    }

    /** How uncertain the colours of the training images are at these channels and levels. */
    ColourEntropy colours(String location, int resolution, int channels, int levels) {
        try (ImageSet images = sets.open(location, resolution, channels, levels)) {
            return ColourEntropy.of(images, ImageSet.Split.TRAIN);
        } catch (IOException e) {
            throw new InvalidSpecException("images.location: " + e.getMessage());
        }
    }
}

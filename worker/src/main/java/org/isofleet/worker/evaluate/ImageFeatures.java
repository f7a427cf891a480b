package org.isofleet.worker.evaluate;

import org.isofleet.worker.engine.PixelBatch;

/** A fixed, trained network that describes images for the Fréchet distance. Safe for use by several threads. */
public interface ImageFeatures {
    /** What it is, in a few words; it stands in every result. */
    String name();

    /** Length of a feature vector. */
    int dimension();

    /**
     * Features of images.
     *
     * @param images square images
     * @param levels distinct values of a channel
     * @return [image][dimension]
     */
    float[][] features(PixelBatch images, int levels);
}

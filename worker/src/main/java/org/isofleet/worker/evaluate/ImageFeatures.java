package org.isofleet.worker.evaluate;

import java.io.IOException;
import org.isofleet.worker.engine.PixelBatch;

/** A fixed, trained network that describes images for the Fréchet distance. Safe for use by several threads. */
public interface ImageFeatures extends AutoCloseable {
    /** What it is, in one line; it stands in every result, and is equal only for equal features. */
    String name();

    /** SHA-256 of its weights' file, 64 hexadecimal digits. */
    String sha256();

    /** Length of a feature vector. */
    int dimension();

    /**
     * Features of images.
     *
     * @param images square images
     * @param levels distinct values of a channel
     * @return [image][dimension]
     * @throws IOException when the network does not give what it promised; one line
     */
    float[][] features(PixelBatch images, int levels) throws IOException;

    @Override
    default void close() {}
}

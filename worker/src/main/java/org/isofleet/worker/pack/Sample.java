package org.isofleet.worker.pack;

import java.io.IOException;
import org.isofleet.worker.data.ImageSet.Split;

/**
 * An image as its source holds it, not decoded yet.
 *
 * @param name unique in its source; decides the split where the source does not
 * @param split that the source puts it in; TRAIN too where it says nothing
 * @param label its class
 * @param bytes that it keeps in memory until it is decoded
 * @param content decodes it, on any thread
 */
record Sample(String name, Split split, int label, long bytes, Content content) {
    /** What an image is made of. */
    interface Content {
        /**
         * Decodes the image.
         *
         * @throws DamagedImageException when this image is damaged
         * @throws IOException when the source is, or cannot be read any more
         */
        Picture decode() throws IOException, DamagedImageException;
    }

    /** An image that is named only to be listed as rejected. */
    static Sample rejected(String name, String reason) {
        return new Sample(name, Split.TRAIN, 0, 0, () -> {
            throw new DamagedImageException(reason);
        });
    }
}

package org.isofleet.worker.data;

import java.io.IOException;
import org.isofleet.protocol.study.ImageSetRef;
import org.isofleet.protocol.study.ModelShape;

/** Opens image sets by reference. */
@FunctionalInterface
public interface ImageSets {
    /**
     * Opens the set at the shape's resolution, reduced to its channels and levels, and verifies its digest.
     *
     * @throws IOException when it is missing, damaged or another one; the message is one line with the place and the mend
     */
    ImageSet open(ImageSetRef reference, ModelShape shape) throws IOException;
}

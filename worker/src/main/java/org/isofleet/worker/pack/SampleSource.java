package org.isofleet.worker.pack;

import java.io.IOException;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import org.isofleet.worker.data.ImageSet.Split;
import org.jspecify.annotations.Nullable;

/** A format's images, always in the same order. Made when its files were found fit: what can be known without reading them is checked. */
interface SampleSource {
    /** Its name, as in {@code webdataset}. */
    String format();

    /** What the files are and when they were changed: another value, another source. */
    String fingerprint();

    /** How many images there are, where that is known before all are read. */
    OptionalLong expected();

    /** The side of all images where it is one. */
    default OptionalInt side() {
        return OptionalInt.empty();
    }

    /** The splits that the source itself makes. */
    Set<Split> splits();

    /**
     * Names of the classes.
     *
     * @param largest label that was read
     */
    List<String> classes(int largest);

    /** Begins to read. */
    Reader open() throws IOException;

    /** Reads one image after the other. */
    interface Reader extends AutoCloseable {
        /**
         * The next image, or null after the last.
         *
         * @throws org.isofleet.worker.data.ImageSetException when a file is damaged beyond single images
         */
        @Nullable
        Sample next() throws IOException;

        @Override
        void close() throws IOException;
    }
}

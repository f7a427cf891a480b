package org.isofleet.worker.pack;

import java.util.OptionalLong;
import org.isofleet.worker.data.ImageSetException;

/**
 * How many images may be rejected. Where the number of images is known, packing stops as soon as too many are; else at the end, or when
 * the first {@value #HOPELESS} all are. Images are counted in their order, so that the same images stop it on any machine.
 *
 * @param share of all images
 * @param expected number of images, where it is known
 */
record RejectLimit(double share, OptionalLong expected) {
    private static final int HOPELESS = 1000;

    /**
     * Refuses what is beyond the limit.
     *
     * @param read images so far
     * @param rejected of them
     * @param first name and reason of the first that was
     * @param end whether these are all
     */
    void check(long read, long rejected, String first, boolean end) throws ImageSetException {
        long of = end ? read : expected.orElse(Long.MAX_VALUE);
        boolean hopeless = read >= HOPELESS && rejected == read && share < 1;
        if (rejected > share * of || hopeless) {
            throw new ImageSetException(String.format(
                    java.util.Locale.ROOT,
                    "%d of %d images are damaged, more than %s of %s: the first is %s; mend them or allow more with"
                            + " --max-rejected",
                    rejected,
                    read,
                    share,
                    of == Long.MAX_VALUE ? "all" : String.valueOf(of),
                    first));
        }
    }
}

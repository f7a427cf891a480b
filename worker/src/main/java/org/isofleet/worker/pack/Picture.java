package org.isofleet.worker.pack;

import static org.isofleet.protocol.study.Requirement.require;

/**
 * A decoded image of 8-bit RGB.
 *
 * @param width in pixels
 * @param height in pixels
 * @param values [channel][row][column]; not copied
 */
@SuppressWarnings("ArrayRecordComponent") // a buffer, compared by nobody
record Picture(int width, int height, byte[] values) {
    static final int CHANNELS = 3;

    /** More pixels than any photograph of a data set has; an image that declares more is refused before memory is taken for it. */
    static final int MOST_PIXELS = 1 << 26;

    Picture {
        require(
                width >= 1 && height >= 1 && values.length == (long) CHANNELS * width * height,
                "%d values are not an image of %d x %d pixels",
                values.length,
                width,
                height);
    }

    int shortSide() {
        return Math.min(width, height);
    }
}

package org.isofleet.worker.pack;

import static org.isofleet.protocol.study.Requirement.require;
import static org.isofleet.protocol.study.Requirement.requireWithin;

import java.util.List;
import java.util.TreeSet;

/**
 * How images are packed.
 *
 * @param resolutions image sides, rising; empty for the side that all images of the source have
 * @param channels 3 for RGB, 1 for its luma
 * @param validationShare of the training images, where the source has no validation images
 * @param testShare of the training images, where the source has no test images
 * @param maxRejected share of all images that may be damaged
 * @param threads that decode; what is packed does not depend on them
 */
public record PackingOptions(
        List<Integer> resolutions,
        int channels,
        double validationShare,
        double testShare,
        double maxRejected,
        int threads) {
    /** As the embedded images: 80 % are left for training. */
    public static final double VALIDATION_SHARE = 0.08;

    /** As the embedded images. */
    public static final double TEST_SHARE = 0.12;

    public static final double MAX_REJECTED = 0.01;

    public PackingOptions {
        resolutions = List.copyOf(new TreeSet<>(resolutions));
        for (int resolution : resolutions) {
            require(resolution >= 1 && resolution <= 1024, "a resolution is 1 to 1024 pixels, not %d", resolution);
        }
        require(channels == 1 || channels == 3, "channels must be 1 (grey) or 3 (RGB), not %d", channels);
        requireWithin(maxRejected, 0, 1, "--max-rejected, a share of all images,");
        require(threads >= 1 && threads <= 1024, "threads must be 1 to 1024, not %d", threads);
    }

    /** All cores, and the shares of the embedded images. */
    public static PackingOptions standard(List<Integer> resolutions) {
        return new PackingOptions(
                resolutions,
                3,
                VALIDATION_SHARE,
                TEST_SHARE,
                MAX_REJECTED,
                Runtime.getRuntime().availableProcessors());
    }

    PackingOptions withResolutions(List<Integer> sides) {
        return new PackingOptions(sides, channels, validationShare, testShare, maxRejected, threads);
    }

    /** Bytes of one image at all resolutions. */
    int imageBytes() {
        return resolutions.stream().mapToInt(side -> channels * side * side).sum();
    }
}

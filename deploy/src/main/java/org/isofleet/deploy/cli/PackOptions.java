package org.isofleet.deploy.cli;

import java.util.List;
import org.isofleet.worker.pack.PackingOptions;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How {@code isofleet data pack} treats images, their splits and the damaged among them. */
final class PackOptions {
    @Option(
            names = "--channels",
            defaultValue = "3",
            paramLabel = "N",
            description =
                    "3 for RGB, 1 for grey (default: ${DEFAULT-VALUE}). Embedded images and IDX files have their own.")
    private int channels;

    @Option(
            names = "--validation-share",
            defaultValue = "" + PackingOptions.VALIDATION_SHARE,
            paramLabel = "SHARE",
            description =
                    "Of the training images, where the source has no validation images (default: ${DEFAULT-VALUE}).")
    private double validationShare;

    @Option(
            names = "--test-share",
            defaultValue = "" + PackingOptions.TEST_SHARE,
            paramLabel = "SHARE",
            description = "Of the training images, where the source has no test images (default: ${DEFAULT-VALUE}).")
    private double testShare;

    @Option(
            names = "--max-rejected",
            defaultValue = "" + PackingOptions.MAX_REJECTED,
            paramLabel = "SHARE",
            description =
                    "Of all images that may be damaged: they are listed and left out (default: ${DEFAULT-VALUE}).")
    private double maxRejected;

    @Option(
            names = "--threads",
            paramLabel = "N",
            description = "That decode (default: one for each core). What is packed does not depend on them.")
    private @Nullable Integer threads;

    PackingOptions with(List<Integer> resolutions) {
        int decoding = threads == null ? Runtime.getRuntime().availableProcessors() : threads;
        return new PackingOptions(resolutions, channels, validationShare, testShare, maxRejected, decoding);
    }
}

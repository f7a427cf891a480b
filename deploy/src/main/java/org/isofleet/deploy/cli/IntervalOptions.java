package org.isofleet.deploy.cli;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How the intervals of a fit are drawn: what {@code fit} and {@code forecast} have in common. */
final class IntervalOptions {
    @Option(names = "--seed", paramLabel = "N", description = "Seed of the draws (${DEFAULT-VALUE}).")
    private long seed = 1;

    @Option(names = "--level", paramLabel = "SHARE", description = "Level of the intervals (${DEFAULT-VALUE}).")
    private double level = 0.95;

    @Option(
            names = "--noise",
            paramLabel = "SHARE",
            description = "Measured noise of the metric between seeds, relative for a loss; else it is estimated.")
    private @Nullable Double noise;

    long seed() {
        return seed;
    }

    double level() {
        return level;
    }

    @Nullable
    Double noise() {
        return noise;
    }
}

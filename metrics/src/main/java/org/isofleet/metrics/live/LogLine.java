package org.isofleet.metrics.live;

import java.time.Instant;

/** One line of a study's log, for people. */
public record LogLine(Instant at, Level level, String text) {
    /** How much it asks for attention. */
    public enum Level {
        INFO,
        GOOD,
        WARNING,
        BAD
    }
}

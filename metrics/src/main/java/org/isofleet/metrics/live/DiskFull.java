package org.isofleet.metrics.live;

import java.util.stream.Stream;

/** Whether a disk had no room, which Java tells by the operating system's words alone. */
public final class DiskFull {
    private DiskFull() {}

    /** Whether that is behind an error, however many layers have wrapped it. */
    public static boolean isBehind(Throwable error) {
        return Stream.iterate(error, e -> e != null, Throwable::getCause)
                .map(e -> String.valueOf(e.getMessage()))
                .anyMatch(message ->
                        message.contains("No space left on device") || message.contains("Disk quota exceeded"));
    }
}

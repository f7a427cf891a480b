package org.isofleet.deploy.chaos;

import java.util.Locale;

/** What is done to a study. */
public enum FaultKind {
    /** A worker's process is killed with SIGKILL. */
    KILL,
    /** A worker is stopped and goes on later, as on a machine that swaps or is suspended. */
    HANG,
    /** A worker is stopped for most of the time, again and again. */
    SLOW,
    /** A worker reaches nobody for a while, and nobody reaches it. */
    PARTITION,
    /** A bit of a worker's parameters is another than was written. */
    FLIP,
    /** A byte of the newest checkpoint is another than was written; all workers are killed, so that it is read. */
    CORRUPT,
    /** The newest checkpoint has lost the end of a file; all workers are killed, so that it is read. */
    TRUNCATE,
    /** The disk of the study folder is full for a while. */
    DISK,
    /** The coordinator is killed with SIGKILL and stays away for a while. */
    COORDINATOR,
    /** Coordinator and workers are killed with SIGKILL at once. */
    EVERYTHING;

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}

package org.isofleet.deploy.chaos;

import java.util.Arrays;
import java.util.Locale;

/** What is done to a study. */
public enum FaultKind {
    /** A worker's process is killed with SIGKILL. */
    KILL(Fault.Kill.class),
    /** A worker is stopped and goes on later, as on a machine that swaps or is suspended. */
    HANG(Fault.Hang.class),
    /** A worker is stopped for most of the time, again and again. */
    SLOW(Fault.Slow.class),
    /** A worker reaches nobody for a while, and nobody reaches it. */
    PARTITION(Fault.Partition.class),
    /** A bit of a worker's parameters is another than was written. */
    FLIP(Fault.Flip.class),
    /** A byte of the newest checkpoint is another than was written; all workers are killed, so that it is read. */
    CORRUPT(Fault.Corrupt.class),
    /** The newest checkpoint has lost the end of a file; all workers are killed, so that it is read. */
    TRUNCATE(Fault.Truncate.class),
    /** The disk of the study folder is full for a while. */
    DISK(Fault.FullDisk.class),
    /** The coordinator is killed with SIGKILL and stays away for a while. */
    COORDINATOR(Fault.KillCoordinator.class),
    /** Coordinator and workers are killed with SIGKILL at once. */
    EVERYTHING(Fault.KillEverything.class);

    private final Class<? extends Fault> faults;

    FaultKind(Class<? extends Fault> faults) {
        this.faults = faults;
    }

    static FaultKind of(Fault fault) {
        return Arrays.stream(values())
                .filter(kind -> kind.faults.isInstance(fault))
                .findFirst()
                .orElseThrow();
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}

package org.isofleet.deploy.chaos;

import static org.isofleet.protocol.study.Requirement.require;

import java.time.Duration;

/** One fault, in all that can be said of it before the study runs. Workers count from 0; a {@code key} stands for what is not known yet. */
sealed interface Fault {
    default FaultKind kind() {
        return FaultKind.of(this);
    }

    /** A fault of one worker. */
    sealed interface OfWorker extends Fault {
        int worker();
    }

    record Kill(int worker) implements OfWorker {}

    record Hang(int worker, Duration length) implements OfWorker {
        public Hang {
            positive(length);
        }
    }

    record Slow(int worker, Duration length) implements OfWorker {
        public Slow {
            positive(length);
        }
    }

    record Partition(int worker, Duration length) implements OfWorker {
        public Partition {
            positive(length);
        }
    }

    /** {@code key} chooses parameter and bit. */
    record Flip(int worker, long key) implements OfWorker {}

    /** {@code key} chooses file and place. */
    record Corrupt(long key) implements Fault {}

    /** {@code key} chooses file and length. */
    record Truncate(long key) implements Fault {}

    record FullDisk(Duration length) implements Fault {
        public FullDisk {
            positive(length);
        }
    }

    record KillCoordinator(Duration away) implements Fault {
        public KillCoordinator {
            positive(away);
        }
    }

    record KillEverything() implements Fault {}

    private static void positive(Duration length) {
        require(length.toMillis() > 0, "a fault lasts at least a millisecond, not %s", length);
    }
}

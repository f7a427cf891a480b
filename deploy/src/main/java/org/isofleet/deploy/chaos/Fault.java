package org.isofleet.deploy.chaos;

import static org.isofleet.protocol.study.Requirement.require;

import java.time.Duration;

/** One fault, in all that can be said of it before the study runs. Workers count from 0; a {@code key} stands for what is not known yet. */
sealed interface Fault {
    FaultKind kind();

    /** A fault of one worker. */
    sealed interface OfWorker extends Fault {
        int worker();
    }

    record Kill(int worker) implements OfWorker {
        @Override
        public FaultKind kind() {
            return FaultKind.KILL;
        }
    }

    record Hang(int worker, Duration length) implements OfWorker {
        public Hang {
            positive(length);
        }

        @Override
        public FaultKind kind() {
            return FaultKind.HANG;
        }
    }

    record Slow(int worker, Duration length) implements OfWorker {
        public Slow {
            positive(length);
        }

        @Override
        public FaultKind kind() {
            return FaultKind.SLOW;
        }
    }

    record Partition(int worker, Duration length) implements OfWorker {
        public Partition {
            positive(length);
        }

        @Override
        public FaultKind kind() {
            return FaultKind.PARTITION;
        }
    }

    /** {@code key} chooses parameter and bit. */
    record Flip(int worker, long key) implements OfWorker {
        @Override
        public FaultKind kind() {
            return FaultKind.FLIP;
        }
    }

    /** {@code key} chooses file and place. */
    record Corrupt(long key) implements Fault {
        @Override
        public FaultKind kind() {
            return FaultKind.CORRUPT;
        }
    }

    /** {@code key} chooses file and length. */
    record Truncate(long key) implements Fault {
        @Override
        public FaultKind kind() {
            return FaultKind.TRUNCATE;
        }
    }

    record FullDisk(Duration length) implements Fault {
        public FullDisk {
            positive(length);
        }

        @Override
        public FaultKind kind() {
            return FaultKind.DISK;
        }
    }

    record KillCoordinator(Duration away) implements Fault {
        public KillCoordinator {
            positive(away);
        }

        @Override
        public FaultKind kind() {
            return FaultKind.COORDINATOR;
        }
    }

    record KillEverything() implements Fault {
        @Override
        public FaultKind kind() {
            return FaultKind.EVERYTHING;
        }
    }

    private static void positive(Duration length) {
        require(length.toMillis() > 0, "a fault lasts at least a millisecond, not %s", length);
    }
}

package org.isofleet.deploy.search;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Everything at one moment, each part by its number. A message once sent may be delivered at any later time, any number of times, or
 * never: so what was ever sent is all that there is to know of the network.
 */
final class World {
    final int run;
    final int disk;
    /** Workers that placement takes to be alive, a bit each. */
    final int present;
    /** Faults that may still happen: four bits for each kind. */
    final long faults;
    /** A word of placement that was held back; -1: none. */
    final int late;

    private final int[] workers;
    private final long[] sent;
    private final int hash;

    World(int run, int disk, int present, long faults, int late, int[] workers, long[] sent) {
        this.run = run;
        this.disk = disk;
        this.present = present;
        this.faults = faults;
        this.late = late;
        this.workers = workers;
        this.sent = sent;
        int mixed = Arrays.hashCode(new int[] {run, disk, present, Long.hashCode(faults), late});
        hash = 31 * (31 * mixed + Arrays.hashCode(workers)) + Arrays.hashCode(sent);
    }

    int worker(int number) {
        return workers[number];
    }

    int workers() {
        return workers.length;
    }

    World withRun(int next) {
        return new World(next, disk, present, faults, late, workers, sent);
    }

    World withDisk(int next) {
        return next == disk ? this : new World(run, next, present, faults, late, workers, sent);
    }

    World withPresent(int next) {
        return new World(run, disk, next, faults, late, workers, sent);
    }

    World withFaults(long next) {
        return new World(run, disk, present, next, late, workers, sent);
    }

    World withLate(int next) {
        return new World(run, disk, present, faults, next, workers, sent);
    }

    World withWorker(int number, int next) {
        if (workers[number] == next) {
            return this;
        }
        int[] after = workers.clone();
        after[number] = next;
        return new World(run, disk, present, faults, late, after, sent);
    }

    World withSent(List<Integer> messages) {
        long[] after = sent;
        for (int message : messages) {
            int word = message >> 6;
            if (word >= after.length || (after[word] & 1L << message) == 0) {
                after = after == sent || word >= after.length
                        ? Arrays.copyOf(after, Math.max(after.length, word + 1))
                        : after;
                after[word] |= 1L << message;
            }
        }
        return after == sent ? this : new World(run, disk, present, faults, late, workers, after);
    }

    World withNothingSent() {
        return new World(run, disk, present, faults, late, workers, new long[0]);
    }

    /** Numbers of all messages that were ever sent, ascending. */
    int[] sent() {
        int[] all = new int[Arrays.stream(sent).mapToInt(Long::bitCount).sum()];
        int count = 0;
        for (int word = 0; word < sent.length; word++) {
            for (long bits = sent[word]; bits != 0; bits &= bits - 1) {
                all[count++] = word << 6 | Long.numberOfTrailingZeros(bits);
            }
        }
        return all;
    }

    /** The same workers among other things: what something that happens to them depends on. */
    World around(int newRun, int newDisk, int newPresent) {
        return new World(newRun, newDisk, newPresent, 0, -1, workers, new long[0]);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return this == other
                || (other instanceof World that
                        && hash == that.hash
                        && run == that.run
                        && disk == that.disk
                        && present == that.present
                        && faults == that.faults
                        && late == that.late
                        && Arrays.equals(workers, that.workers)
                        && Arrays.equals(sent, that.sent));
    }

    @Override
    public int hashCode() {
        return hash;
    }
}

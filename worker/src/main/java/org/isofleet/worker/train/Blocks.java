package org.isofleet.worker.train;

import org.isofleet.worker.exchange.Slices;

/**
 * Fixed blocks of a flat vector. Norms and hashes are reduced over them, so that their bits depend neither on the number of lanes nor on
 * the slices of a group.
 */
final class Blocks {
    /** Floats of a block. */
    static final int SIZE = Slices.BLOCK;

    /** Blocks below which splitting the work costs more than it gains. */
    private static final int WORTH_SPLITTING = 16;

    /** Work on the elements of consecutive blocks. */
    @FunctionalInterface
    interface Task {
        void run(int lane, int firstBlock, int endBlock);
    }

    private final long length;
    private final int count;

    Blocks(long length) {
        this.length = length;
        this.count = Math.toIntExact((length + SIZE - 1) / SIZE);
    }

    int count() {
        return count;
    }

    long start(int block) {
        return (long) block * SIZE;
    }

    long end(int block) {
        return Math.min(length, start(block) + SIZE);
    }

    /** Spreads the blocks over the lanes, in order. */
    void forEach(Lanes lanes, Task task) {
        int parts = count < WORTH_SPLITTING ? 1 : lanes.count();
        if (parts == 1) {
            task.run(0, 0, count);
        } else {
            lanes.run(lane -> task.run(lane, part(lane, parts), part(lane + 1, parts)));
        }
    }

    private int part(int lane, int parts) {
        return (int) ((long) lane * count / parts);
    }
}

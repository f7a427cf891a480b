package org.isofleet.protocol.study;

import static org.isofleet.protocol.study.Requirement.require;

/**
 * Memory that a member of a run's group takes, by the threads that it has: each computes a shard of its own. See {@link MemoryEstimate} for what is in it.
 *
 * @param fixedBytes whatever its threads
 * @param laneBytes of each thread
 * @param vectorBytes of one gradient; how many live at a time depends on threads and shards
 * @param shards virtual shards of the run
 */
public record WorkerMemory(long fixedBytes, long laneBytes, long vectorBytes, int shards) {
    /** Fits everywhere. */
    public static final WorkerMemory NONE = new WorkerMemory(0, 0, 0, 1);

    public WorkerMemory {
        require(fixedBytes >= 0 && laneBytes >= 0 && vectorBytes >= 0, "memory is not below 0");
        require(shards >= 1, "a run has at least one shard");
    }

    /** All of a worker with so many threads. */
    public long bytes(int threads) {
        return fixedBytes + threads * laneBytes + MemoryEstimate.vectors(threads, shards) * vectorBytes;
    }
}

package org.isofleet.protocol.run;

/** Why a run's group changed. */
public enum GenerationCause {
    /** The run's first group. */
    FIRST,
    /** A free worker joined. */
    JOINED,
    /** A member was given back: another run waits for it, or the group was faster without it. */
    GIVEN_BACK,
    /** An operator had it paused or parked, and wants it to go on. */
    RESUMED,
    /** A member died, left, or lost its connection to a peer. */
    LOST,
    /** A member did not report by the deadline. */
    MISSING,
    /** No step for many times as long as steps usually take. */
    STALLED,
    /** The retry after a failure. */
    RETRY,
    /** A member computes another gradient than the run's, though its kernel class is the same. */
    KERNELS,
    /** The checkpoint to start from could not be read. */
    UNREADABLE,
    /** Members came to different bits. */
    DIFFERED;

    /** Whether something went wrong; a worker that joins or is given back is no restart. */
    public boolean isRestart() {
        return this != FIRST && this != JOINED && this != GIVEN_BACK && this != RESUMED;
    }

    /** Whether it counts when it makes no step; differing bits are counted by themselves. */
    boolean mayBeIdle() {
        return isRestart() && this != DIFFERED;
    }
}

package org.isofleet.deploy.search;

import org.isofleet.protocol.group.CheckpointRef;
import org.isofleet.protocol.group.HeldState;
import org.isofleet.protocol.study.RunId;

/**
 * What a member holds at a step boundary: the step, and a number in place of parameters and moments. The number after a step is a hash of
 * the one before, the step, and the gradients of all virtual shards, each of which is a hash of the number that it was computed from; so a
 * shard that is missing, counted twice or computed from other parameters gives another number.
 *
 * @param hash of the number, from when it was made; the hash of a number is itself here, so another one if a bit has flipped since
 */
record Bytes(long step, long value, long hash) {
    /** Initialised from the seed of the spec. */
    static final Bytes SEED = of(0, 1);

    /** As it is just after its hash was taken. */
    static Bytes of(long step, long value) {
        return new Bytes(step, value, value);
    }

    /** The gradient sum of shards {@code first} to {@code end} at this state. */
    long gradients(int first, int end) {
        long sum = 0;
        for (int shard = first; shard < end; shard++) {
            sum += mix(mix(value) + 31 * step + shard + 1);
        }
        return sum;
    }

    Bytes stepped(long gradients) {
        return of(step + 1, mix(mix(value) + gradients));
    }

    /** What any undisturbed run holds at a step. */
    static Bytes undisturbed(long step, int shards) {
        Bytes bytes = SEED;
        while (bytes.step < step) {
            bytes = bytes.stepped(bytes.gradients(0, shards));
        }
        return bytes;
    }

    /** The same after a bit of it has flipped before its hash was taken. */
    Bytes flipped() {
        return of(step, value ^ 1);
    }

    /** The same after a bit of it has flipped since its hash was taken. */
    Bytes changed() {
        return new Bytes(step, value ^ 1, hash);
    }

    boolean isChanged() {
        return value != hash;
    }

    /** As it was when its hash was taken. */
    Bytes asHashed() {
        return of(step, hash);
    }

    HeldState held(RunId runId, long generation) {
        return new HeldState(runId, generation, step, hash);
    }

    CheckpointRef checkpoint(RunId runId) {
        return new CheckpointRef(runId, step, "%064x".formatted(value), "step-%d-%x".formatted(step, value));
    }

    private static long mix(long seed) {
        long z = (seed + 0x9E3779B97F4A7C15L) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }
}

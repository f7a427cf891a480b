package org.isofleet.deploy.search;

import java.util.Objects;
import org.isofleet.protocol.group.GroupPlan;
import org.isofleet.protocol.group.HeldState;
import org.isofleet.protocol.group.Member;
import org.isofleet.protocol.group.StartPoint;
import org.isofleet.protocol.study.RunId;
import org.isofleet.worker.node.Duty;
import org.jspecify.annotations.Nullable;

/**
 * One worker process: the production duty, and what its compute thread is at.
 *
 * @param from where it was told to start; null before
 * @param source whom it follows; null when it does not
 * @param memory of the run, if any
 * @param trainedIn generation that it last trained in
 * @param copy of the last checkpoint's state, if any
 */
record Worker(
        Duty duty,
        Activity activity,
        @Nullable StartPoint from,
        @Nullable Member source,
        @Nullable Bytes memory,
        long trainedIn,
        @Nullable Copy copy) {
    /** What the compute thread does. */
    enum Activity {
        /** Nothing. */
        STANDS,
        /** It copies the state of a member of a group that it is not in, or has it and keeps up. */
        FOLLOWS,
        /** It was told to start and looks for its peers. */
        CONNECTS,
        LOOPS,
        /** All steps are made. */
        ENDS
    }

    /** A checkpoint's state; {@code generation}: in which it was taken; {@code due}: it is being written. */
    record Copy(Bytes bytes, long generation, boolean due) {}

    static Worker started(String id, long incarnation) {
        return new Worker(Duty.free(id, incarnation), Activity.STANDS, null, null, null, 0, null);
    }

    Worker with(Duty next) {
        return new Worker(next, activity, from, source, memory, trainedIn, copy);
    }

    Worker doing(Activity next) {
        return new Worker(duty, next, from, null, memory, trainedIn, copy);
    }

    Worker connecting(StartPoint at) {
        return new Worker(duty, Activity.CONNECTS, at, null, memory, trainedIn, copy);
    }

    /** It begins to copy, and what it held is overwritten. */
    Worker following(Member followed) {
        return new Worker(duty, Activity.FOLLOWS, from, followed, null, trainedIn, copy);
    }

    /** It has the state of whom it follows. */
    Worker followed(Bytes bytes) {
        return new Worker(duty, activity, from, source, bytes, generation(), copy);
    }

    Worker holding(Bytes bytes) {
        return new Worker(duty, activity, from, source, bytes, trainedIn, copy);
    }

    Worker looping(Bytes bytes) {
        return new Worker(duty, Activity.LOOPS, from, null, bytes, generation(), copy);
    }

    Worker copying(@Nullable Copy next) {
        return new Worker(duty, activity, from, source, memory, trainedIn, next);
    }

    /** Its memory is freed. */
    Worker dropped() {
        return new Worker(duty, Activity.STANDS, from, null, null, trainedIn, null);
    }

    GroupPlan plan() {
        return Objects.requireNonNull(duty.group(), "it is in no group");
    }

    Bytes bytes() {
        return Objects.requireNonNull(memory, "it holds nothing");
    }

    long generation() {
        return duty.group() == null ? 0 : duty.group().generation();
    }

    int index() {
        return plan().indexOf(duty.workerId());
    }

    /** The gradients of its shards. */
    long gradients() {
        return bytes().gradients(plan().firstShard(index()), plan().endShard(index()));
    }

    @Nullable
    HeldState held(RunId runId) {
        return memory == null ? null : memory.held(runId, trainedIn);
    }

    /** Whether a member's connection to it stands or may still be made. */
    boolean isConnected(Member asked, long generation) {
        return duty.incarnation() == asked.incarnation()
                && generation() == generation
                && (activity != Activity.STANDS || !duty.started());
    }

    /** Where it stands, for a law that was broken. */
    String describe() {
        return "%s.%d in %d %s with %s and %s"
                .formatted(duty.workerId(), duty.incarnation(), generation(), activity, memory, copy);
    }
}

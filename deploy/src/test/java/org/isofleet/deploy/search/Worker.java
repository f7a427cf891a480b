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
 * @param garbled whether a bit flips in the gradient of its next step
 * @param spoiled what it contributed to the last step, if that was computed from a changed bit or garbled
 */
record Worker(
        Duty duty,
        Activity activity,
        @Nullable StartPoint from,
        @Nullable Member source,
        @Nullable Bytes memory,
        long trainedIn,
        @Nullable Copy copy,
        boolean garbled,
        @Nullable Long spoiled) {
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

    /**
     * A checkpoint's state.
     *
     * @param generation in which it was taken
     * @param due whether it is being written
     * @param agreed whether the members have agreed on it
     * @param withheld whether it is written and not told of, because they have not
     */
    record Copy(Bytes bytes, long generation, boolean due, boolean agreed, boolean withheld) {
        Copy withBytes(Bytes other) {
            return new Copy(other, generation, due, agreed, withheld);
        }

        Copy kept() {
            return new Copy(bytes, generation, false, agreed, false);
        }
    }

    static Worker started(String id, long incarnation) {
        return new Worker(Duty.free(id, incarnation), Activity.STANDS, null, null, null, 0, null, false, null);
    }

    Worker with(Duty next) {
        return new Worker(next, activity, from, source, memory, trainedIn, copy, garbled, spoiled);
    }

    Worker doing(Activity next) {
        return new Worker(duty, next, from, null, memory, trainedIn, copy, garbled, spoiled);
    }

    Worker connecting(StartPoint at) {
        return new Worker(duty, Activity.CONNECTS, at, null, memory, trainedIn, copy, garbled, spoiled);
    }

    /** It begins to copy, and what it held is overwritten. */
    Worker following(Member followed) {
        return new Worker(duty, Activity.FOLLOWS, from, followed, null, trainedIn, copy, false, null);
    }

    /** It has the state of whom it follows. */
    Worker followed(Bytes bytes) {
        return new Worker(duty, activity, from, source, bytes, generation(), copy, garbled, spoiled);
    }

    Worker holding(Bytes bytes) {
        return new Worker(duty, activity, from, source, bytes, trainedIn, copy, garbled, spoiled);
    }

    /** After a step, to which it contributed what it computed. */
    Worker stepped(Bytes bytes) {
        boolean wrong = garbled || bytes().isChanged();
        return new Worker(duty, activity, from, source, bytes, trainedIn, copy, false, wrong ? gradients() : null);
    }

    Worker garbling() {
        return new Worker(duty, activity, from, source, memory, trainedIn, copy, true, spoiled);
    }

    Worker looping(Bytes bytes) {
        // What was kept of another past is not told of any more.
        Copy known = bytes.equals(memory) || copy == null || (copy.due() && copy.agreed()) ? copy : null;
        return new Worker(duty, Activity.LOOPS, from, null, bytes, generation(), known, false, null);
    }

    Worker copying(@Nullable Copy next) {
        return new Worker(duty, activity, from, source, memory, trainedIn, next, garbled, spoiled);
    }

    /** Its memory is freed. */
    Worker dropped() {
        return new Worker(duty, Activity.STANDS, from, null, null, trainedIn, null, false, null);
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
        return gradientsOf(bytes()) + (garbled ? 1 : 0);
    }

    /** The gradients of its shards at some state. */
    long gradientsOf(Bytes state) {
        return state.gradients(plan().firstShard(index()), plan().endShard(index()));
    }

    @Nullable
    HeldState held(RunId runId) {
        return memory == null ? null : memory.held(runId, trainedIn);
    }

    /** Whether a member's connection to it stands or may still be made. */
    boolean isConnected(Member asked, long generation) {
        return duty.workerId().equals(asked.workerId())
                && duty.incarnation() == asked.incarnation()
                && generation() == generation
                && (activity != Activity.STANDS || !duty.started());
    }

    /** Where it stands, for a law that was broken. */
    String describe() {
        return "%s.%d in %d %s with %s and %s"
                .formatted(duty.workerId(), duty.incarnation(), generation(), activity, memory, copy);
    }
}

package org.isofleet.protocol.run;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.isofleet.protocol.group.KernelClass;
import org.isofleet.protocol.group.Member;
import org.isofleet.protocol.group.StartPoint;
import org.jspecify.annotations.Nullable;

/**
 * A run's groups so far.
 *
 * @param generation number of the newest generation; 0 before the first
 * @param open whether its members may be training: neither failed nor completed
 * @param members who is in it
 * @param kernelClass what its bits depend on
 * @param gradientDigest what its members computed of a fixed gradient at the run's shapes, as of the last generation that was started
 * @param start where it took its parameters from; null until all members were prepared
 * @param restarts generations that were begun because something went wrong
 * @param idle generations begun one after the other without a step beyond {@code reachedStep}
 * @param reachedStep highest step reported before the newest generation
 * @param doubt what may have wrong bits since members last differed; null when they never did
 * @param culprits who computed wrongly; null when that could never be told
 * @param differences how often members came to different bits since a checkpoint was last committed by members that agreed
 * @param audited whether the newest generation computes every step twice because of them
 * @param earlierDoubts those before the last one, ascending in generations; null for none, and in journals from before they were kept apart
 */
public record GroupHistory(
        long generation,
        boolean open,
        List<Member> members,
        @Nullable KernelClass kernelClass,
        @Nullable String gradientDigest,
        @Nullable StartPoint start,
        int restarts,
        int idle,
        long reachedStep,
        @Nullable Doubt doubt,
        @Nullable Culprits culprits,
        int differences,
        boolean audited,
        @Nullable List<Doubt> earlierDoubts) {
    /** More are taken for one, from the oldest on: a checkpoint that is so late does not come. */
    private static final int DOUBTS_KEPT = 64;

    static final GroupHistory NONE =
            new GroupHistory(0, false, List.of(), null, null, null, 0, 0, 0, null, null, 0, false, null);

    public GroupHistory {
        members = List.copyOf(members);
        earlierDoubts = earlierDoubts == null ? null : List.copyOf(earlierDoubts);
    }

    GroupHistory after(RunEvent.GenerationBegun begun) {
        return new GroupHistory(
                begun.generation(),
                true,
                begun.members(),
                begun.kernelClass(),
                gradientDigest,
                null,
                restarts + (begun.cause().isRestart() ? 1 : 0),
                idleAfter(begun.cause(), begun.reachedStep()),
                Math.max(reachedStep, begun.reachedStep()),
                doubt,
                culprits,
                differences,
                begun.audited(),
                earlierDoubts);
    }

    /** Nobody is known of that generation, so nobody is in the group. */
    GroupHistory after(RunEvent.GenerationFound found) {
        return closedAt(found.generation());
    }

    /** What {@link #idle} would be after another generation. */
    public int idleAfter(GenerationCause cause, long reached) {
        return reached > reachedStep ? 0 : idle + (cause.mayBeIdle() ? 1 : 0);
    }

    GroupHistory started(RunEvent.GenerationStarted event) {
        String digest = event.gradientDigest() == null ? gradientDigest : event.gradientDigest();
        return new GroupHistory(
                generation,
                open,
                members,
                kernelClass,
                digest,
                event.from(),
                restarts,
                idle,
                reachedStep,
                doubt,
                culprits,
                differences,
                audited,
                earlierDoubts);
    }

    GroupHistory closed() {
        return closedAt(generation);
    }

    private GroupHistory closedAt(long newest) {
        return with(newest, false, List.of(), idle, reachedStep, differences);
    }

    /** Closed, and with nothing counted against it: neither generations without a step nor differing bits. */
    GroupHistory anew() {
        return with(generation, false, List.of(), 0, reachedStep, 0);
    }

    GroupHistory backTo(long step) {
        return with(generation, open, members, idle, step, differences);
    }

    /** After a commit; one of memory in doubt, from before members differed, tells nothing of them. */
    GroupHistory after(RunEvent.CheckpointCommitted commit) {
        return trustsMemory(commit.generation()) ? with(generation, open, members, idle, reachedStep, 0) : this;
    }

    private GroupHistory with(
            long newest, boolean isOpen, List<Member> who, int idleNow, long reached, int differencesNow) {
        return new GroupHistory(
                newest,
                isOpen,
                who,
                kernelClass,
                gradientDigest,
                start,
                restarts,
                idleNow,
                reached,
                doubt,
                culprits,
                differencesNow,
                audited,
                earlierDoubts);
    }

    GroupHistory doubted(RunEvent.MemoryDoubted event) {
        return new GroupHistory(
                generation,
                open,
                members,
                kernelClass,
                gradientDigest,
                start,
                restarts,
                idle,
                reachedStep,
                event.doubt(),
                blamed(event),
                differences + 1,
                audited,
                doubt == null ? earlierDoubts : with(doubt));
    }

    /** Not as one with the newest: the checkpoints that were committed between are good. */
    private List<Doubt> with(Doubt earlier) {
        List<Doubt> all = new ArrayList<>(earlierDoubts == null ? List.of() : earlierDoubts);
        all.add(earlier);
        if (all.size() > DOUBTS_KEPT) {
            all.set(1, all.get(0).and(all.get(1)));
            all.remove(0);
        }
        return all;
    }

    private Stream<Doubt> doubts() {
        return Stream.concat(earlierDoubts == null ? Stream.empty() : earlierDoubts.stream(), Stream.ofNullable(doubt));
    }

    private @Nullable Culprits blamed(RunEvent.MemoryDoubted event) {
        return members.stream()
                .filter(member -> member.workerId().equals(event.culprit()))
                .findFirst()
                .map(member ->
                        (culprits == null ? Culprits.NONE : culprits).with(member, members.size() == 1, event.at()))
                .orElse(culprits);
    }

    /** Whether what a worker holds since that generation counts. */
    public boolean trustsMemory(long since) {
        return doubts().noneMatch(d -> d.ofMemory(since));
    }

    /** Whether a checkpoint of that generation counts. */
    public boolean trustsCheckpoint(long writtenIn, long step) {
        return doubts().noneMatch(d -> d.ofCheckpoint(writtenIn, step));
    }

    /** Whether a checkpoint of that step counts, whichever generation it is of. */
    public boolean trustsStep(long step) {
        return doubts().allMatch(d -> step < d.step());
    }
}

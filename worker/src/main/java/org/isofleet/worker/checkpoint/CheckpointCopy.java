package org.isofleet.worker.checkpoint;

import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.isofleet.worker.checkpoint.CheckpointPipeline.Outcome;
import org.jspecify.annotations.Nullable;

/** A state in memory on its way into a store. All but the chain is guarded by the lock on the memory that it lies in. */
final class CheckpointCopy {
    private static final long FIRST_PAUSE_MILLIS = 500;
    private static final int DOUBLINGS = 6;

    private final Snapshot snapshot;
    private final DigestChain before;
    private final CheckpointAccess store;
    private final Predicate<Snapshot> isIntact;
    private final Consumer<Outcome> then;
    private final CompletableFuture<DigestChain> chain = new CompletableFuture<>();
    private @Nullable StateDigests digests;
    private Outcome.@Nullable Stored stored;
    private int tries;

    /**
     * What is not digested yet.
     *
     * @param before chain of the checkpoints before
     * @param isIntact whether it still has the bits of the state
     * @param then hears what became of it
     */
    CheckpointCopy(
            Snapshot snapshot,
            DigestChain before,
            CheckpointAccess store,
            Predicate<Snapshot> isIntact,
            Consumer<Outcome> then) {
        this.snapshot = snapshot;
        this.before = before;
        this.store = store;
        this.isIntact = isIntact;
        this.then = then;
    }

    /** With this checkpoint, once it is digested. */
    CompletableFuture<DigestChain> chain() {
        return chain;
    }

    boolean isOf(long step) {
        return snapshot.step() == step && digests != null;
    }

    int tries() {
        return tries;
    }

    /** Wait before the next try: doubled each time, up to half a minute. */
    long pauseMillis() {
        return FIRST_PAUSE_MILLIS << Math.min(Math.max(tries, 1) - 1, DOUBLINGS);
    }

    /** Whether it could be digested; if not, that is told to those who wait for it to be written. */
    boolean digest(boolean told) {
        try {
            StateDigests made = snapshot.digests();
            if (!isIntact.test(snapshot)) {
                throw new ChangedCopyException(snapshot.step());
            }
            digests = made;
            chain.complete(before.next(snapshot.step(), made));
            return true;
        } catch (Throwable e) { // an Error would end here unheard, and the run would wait for a report
            chain.completeExceptionally(e);
            if (told) {
                then.accept(new Outcome.Failed(
                        "the checkpoint of step %d could not be digested: %s".formatted(snapshot.step(), e), false));
            }
            return false;
        }
    }

    /** Writes what is not written yet. A failure is told if {@code told}. */
    boolean write(StoreOutage outage, boolean told) {
        Outcome.Stored done = stored;
        try {
            if (done == null) {
                tries++;
                DigestChain whole = chain.join();
                done = new Outcome.Stored(store.write(snapshot, digests(), whole), whole);
                stored = done;
                outage.over(snapshot.spec().id(), snapshot.step());
            }
        } catch (Throwable e) { // as above
            outage.failed(snapshot.spec().id(), snapshot.step(), e);
            if (told) {
                then.accept(new Outcome.Failed(
                        "the checkpoint of step %d could not be written: %s; free space or mend the store: it is tried again until the next one is due"
                                .formatted(snapshot.step(), e),
                        true));
            }
            return false;
        }
        then.accept(done);
        return true;
    }

    private StateDigests digests() {
        if (digests == null) {
            throw new IllegalStateException("what is written was digested before");
        }
        return digests;
    }
}

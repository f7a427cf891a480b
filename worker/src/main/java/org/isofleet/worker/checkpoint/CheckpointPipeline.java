package org.isofleet.worker.checkpoint;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.isofleet.protocol.group.CheckpointRef;
import org.isofleet.protocol.log.RunScope;
import org.isofleet.worker.engine.FlatVector;
import org.jspecify.annotations.Nullable;

/**
 * Digests and writes a run's scheduled checkpoints while training goes on: the step loop waits for a copy in memory only, and for the
 * digest of the one before. Every member digests, so that each knows the chain; one writes. The others keep their copy until the next
 * checkpoint, so that any of them can write the same bytes when that one cannot.
 *
 * <p>A bit of the copy may change as it may of the state, before its digest is taken, and the digest would then vouch for it. So the copy is
 * hashed after that as the state was, and one that has another hash is never written. Its member knows the chain no more, and says so
 * when the next one is due.
 *
 * <p>What a store refuses is told at once and tried again after pauses that grow, until it is stored or the next checkpoint takes the
 * place of the copy. A store that is still at it when the next checkpoint is due is waited for a moment; then the next one is digested where it
 * is and left out, unless it is the last of the run.
 */
public final class CheckpointPipeline implements AutoCloseable {
    /** What became of a checkpoint that was to be written. */
    public sealed interface Outcome {
        /** It is in the store. {@code chain}: with this checkpoint. */
        record Stored(CheckpointRef reference, DigestChain chain) implements Outcome {}

        /** It is not. {@code reason}: one line; {@code retried}: whether it is tried again. */
        record Failed(String reason, boolean retried) implements Outcome {}
    }

    /** How long training waits at a checkpoint for the one before to be written. */
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final Predicate<Snapshot> isIntact;
    private final Duration patience;

    private final ExecutorService writer = Executors.newSingleThreadExecutor(task -> {
        Thread thread = new Thread(task, "isofleet-checkpoint");
        thread.setDaemon(true);
        return thread;
    });

    private final StoreOutage outage = new StoreOutage();
    /** Held while the copy is overwritten, digested, written or freed. */
    private final ReentrantLock copying = new ReentrantLock();

    private @Nullable Snapshot copy;
    private volatile @Nullable CheckpointCopy kept;
    /** Over all checkpoints submitted, known when the last of them is digested. */
    private CompletableFuture<DigestChain> chain = CompletableFuture.completedFuture(DigestChain.EMPTY);

    /** {@code isIntact}: whether a copy has the bits yet that the members agreed on. */
    public CheckpointPipeline(Predicate<Snapshot> isIntact) {
        this(isIntact, PATIENCE);
    }

    /** With another patience, for a test of a store that takes its time. */
    CheckpointPipeline(Predicate<Snapshot> isIntact, Duration patience) {
        this.isIntact = isIntact;
        this.patience = patience;
    }

    /** Forgets copy and chain: the state was replaced by one with this chain. */
    public void reset(DigestChain replaced) {
        kept = null;
        chain = CompletableFuture.completedFuture(replaced);
    }

    /**
     * The chain over all checkpoints submitted; waits until they are digested.
     *
     * @throws ChangedCopyException when the copy of one of them has other bits than the state
     * @throws IllegalStateException when the last one could not be digested otherwise, so that nobody here knows the chain
     */
    public DigestChain chain() {
        try {
            return chain.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof ChangedCopyException changed) {
                throw changed;
            }
            throw new IllegalStateException("the checkpoint before could not be digested: " + e.getCause(), e);
        }
    }

    /** The same for who need not wait for it: as it will be once those are digested, whatever is submitted meanwhile. */
    public CompletableFuture<DigestChain> chainLater() {
        return chain.copy();
    }

    /**
     * Copies a state and has it digested, and written if this member does.
     *
     * @param live the state now; its vectors may change when this returns
     * @param store where it is written, now or when asked for
     * @param writes whether it is written now; else it is kept
     * @param then hears what became of it whenever it was to be written, on the writing thread or this one
     */
    public void submit(Snapshot live, CheckpointAccess store, boolean writes, Consumer<Outcome> then) {
        DigestChain before = chain();
        if (isFree(live.step() >= live.spec().steps())) {
            try {
                CheckpointCopy made = new CheckpointCopy(copy(live), before, store, isIntact, then);
                kept = made;
                writer.execute(RunScope.inherited(() -> begin(made, writes)));
                chain = made.chain();
            } finally {
                copying.unlock();
            }
        } else {
            chain = CompletableFuture.completedFuture(before.next(live.step(), live.digests()));
            if (writes) {
                then.accept(new Outcome.Failed(
                        "the checkpoint of step %d is left out: the store has not taken the one before yet"
                                .formatted(live.step()),
                        false));
            }
        }
    }

    /** Whether nobody is at the copy, which is locked then. */
    private boolean isFree(boolean last) {
        if (last) {
            copying.lock();
            return true;
        }
        try {
            return copying.tryLock(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private void begin(CheckpointCopy made, boolean writes) {
        copying.lock();
        try {
            if (made.digest(writes) && writes) {
                attempt(made, true);
            }
        } finally {
            copying.unlock();
        }
    }

    /**
     * Writes the copy of a checkpoint that another member should have written; returns at once. What was written already is told again.
     *
     * @param refused hears why it cannot be: the copy is of another step by now
     */
    public void writeCopy(long step, Consumer<String> refused) {
        try {
            writer.execute(RunScope.inherited(() -> {
                copying.lock();
                try {
                    CheckpointCopy made = kept;
                    if (made == null || !made.isOf(step)) {
                        refused.accept("it holds no copy of step " + step + " any more, or not yet");
                    } else {
                        attempt(made, true);
                    }
                } finally {
                    copying.unlock();
                }
            }));
        } catch (RejectedExecutionException e) {
            refused.accept("it has left the run");
        }
    }

    /** {@code asked}: somebody waits for the outcome, whatever it is. */
    private void attempt(CheckpointCopy made, boolean asked) {
        if (!made.write(outage, asked)) {
            int tries = made.tries();
            CompletableFuture.delayedExecutor(made.pauseMillis(), TimeUnit.MILLISECONDS, writer)
                    .execute(RunScope.inherited(() -> again(made, tries)));
        }
    }

    /** {@code tries}: after which this was planned; another since then has planned its own. */
    private void again(CheckpointCopy made, int tries) {
        copying.lock();
        try {
            if (kept == made && made.tries() == tries) {
                attempt(made, false);
            }
        } finally {
            copying.unlock();
        }
    }

    private Snapshot copy(Snapshot live) {
        Snapshot buffers = copy;
        FlatVector parameters = copyOf(live.parameters(), buffers == null ? null : buffers.parameters());
        FlatVector first = copyOf(live.first(), buffers == null ? null : buffers.first());
        FlatVector second = copyOf(live.second(), buffers == null ? null : buffers.second());
        Snapshot made = new Snapshot(
                live.spec(),
                live.generation(),
                live.step(),
                live.ledger(),
                live.stateHash(),
                parameters,
                first,
                second);
        copy = made;
        return made;
    }

    private static FlatVector copyOf(FlatVector source, @Nullable FlatVector buffer) {
        FlatVector target = buffer == null ? FlatVector.zeros(source.length()) : buffer;
        target.copyFrom(source);
        return target;
    }

    /** Waits for what is being written, then frees the copies; what the store has refused is not tried again. */
    @Override
    public void close() {
        chain.exceptionally(e -> DigestChain.EMPTY).join(); // then what was submitted holds the lock, if it is written
        writer.shutdown();
        copying.lock();
        try {
            kept = null;
            Snapshot buffers = copy;
            copy = null;
            if (buffers != null) {
                buffers.parameters().free();
                buffers.first().free();
                buffers.second().free();
            }
        } finally {
            copying.unlock();
        }
    }
}

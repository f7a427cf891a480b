package org.isofleet.worker.checkpoint;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.isofleet.protocol.group.CheckpointRef;
import org.isofleet.worker.engine.FlatVector;
import org.jspecify.annotations.Nullable;

/**
 * Digests and writes a run's scheduled checkpoints while training goes on: the step loop waits for a copy in memory only, and for the
 * checkpoint before if that is still being written. Every member digests, so that each knows the chain; one writes. The others keep their
 * copy until the next checkpoint, so that any of them can write the same bytes when that one cannot.
 */
public final class CheckpointPipeline implements AutoCloseable {
    /**
     * What became of a checkpoint.
     *
     * @param chain with this checkpoint
     * @param reference where it lies; null when it was not to be written or could not be
     * @param failure why it could not be written, one line; else null
     */
    public record Outcome(
            DigestChain chain,
            @Nullable CheckpointRef reference,
            @Nullable String failure) {}

    private final ExecutorService writer = Executors.newSingleThreadExecutor(task -> {
        Thread thread = new Thread(task, "isofleet-checkpoint");
        thread.setDaemon(true);
        return thread;
    });

    /** A digested copy; what became of it when it was written. */
    private record Kept(
            Snapshot snapshot,
            StateDigests digests,
            DigestChain chain,
            CheckpointAccess store,
            Consumer<Outcome> then,
            @Nullable Outcome written) {}

    private CompletableFuture<Outcome> last = done(DigestChain.EMPTY);
    /** Held while the copy is overwritten, written or freed. */
    private final Object copying = new Object();

    private @Nullable Snapshot copy;
    private @Nullable Kept kept;

    private static CompletableFuture<Outcome> done(DigestChain chain) {
        return CompletableFuture.completedFuture(new Outcome(chain, null, null));
    }

    /** Forgets the chain: the state was replaced by one with this chain. */
    public void reset(DigestChain chain) {
        last.join();
        last = done(chain);
    }

    /** The chain over all checkpoints submitted; waits until they are digested and written. */
    public DigestChain chain() {
        return await().chain();
    }

    /**
     * Copies a state and has it digested, and written if this member does.
     *
     * @param live the state now; its vectors may change when this returns
     * @param store where it is written, now or when asked for
     * @param writes whether it is written now; else it is kept
     * @param then hears what became of it whenever it was to be written, on the writing thread
     */
    public void submit(Snapshot live, CheckpointAccess store, boolean writes, Consumer<Outcome> then) {
        DigestChain before = last.join().chain();
        Snapshot snapshot;
        synchronized (copying) {
            kept = null;
            snapshot = copy(live);
        }
        last = CompletableFuture.supplyAsync(
                () -> {
                    synchronized (copying) {
                        StateDigests digests = snapshot.digests();
                        DigestChain chain = before.next(snapshot.step(), digests);
                        Kept made = new Kept(snapshot, digests, chain, store, then, null);
                        kept = made;
                        return writes ? write(made) : new Outcome(chain, null, null);
                    }
                },
                writer);
    }

    /**
     * Writes the copy of a checkpoint that another member should have written; returns at once. What was written already is told again.
     *
     * @param refused hears why it cannot be: the copy is of another step by now
     */
    public void writeCopy(long step, Consumer<String> refused) {
        try {
            writer.execute(() -> {
                synchronized (copying) {
                    Kept made = kept;
                    if (made == null || made.snapshot().step() != step) {
                        refused.accept("it holds no copy of step " + step + " any more, or not yet");
                    } else if (made.written() == null) {
                        write(made);
                    } else {
                        made.then().accept(made.written());
                    }
                }
            });
        } catch (RejectedExecutionException e) {
            refused.accept("it has left the run");
        }
    }

    /** Waits for the last checkpoint that was submitted. */
    public Outcome await() {
        return last.join();
    }

    private Snapshot copy(Snapshot live) {
        Snapshot buffers = copy;
        FlatVector parameters = copyOf(live.parameters(), buffers == null ? null : buffers.parameters());
        FlatVector first = copyOf(live.first(), buffers == null ? null : buffers.first());
        FlatVector second = copyOf(live.second(), buffers == null ? null : buffers.second());
        Snapshot made =
                new Snapshot(live.spec(), live.generation(), live.step(), live.ledger(), parameters, first, second);
        copy = made;
        return made;
    }

    private static FlatVector copyOf(FlatVector source, @Nullable FlatVector buffer) {
        FlatVector target = buffer == null ? FlatVector.zeros(source.length()) : buffer;
        target.copyFrom(source);
        return target;
    }

    private Outcome write(Kept made) {
        Outcome outcome;
        try {
            CheckpointRef reference = made.store().write(made.snapshot(), made.digests(), made.chain());
            outcome = new Outcome(made.chain(), reference, null);
            kept = new Kept(made.snapshot(), made.digests(), made.chain(), made.store(), made.then(), outcome);
        } catch (Throwable e) { // an Error would end here unheard, and the run would wait for a report
            String reason =
                    "the checkpoint of step %d could not be written: %s; free space there or name another folder"
                            .formatted(made.snapshot().step(), e.toString());
            outcome = new Outcome(made.chain(), null, reason);
        }
        made.then().accept(outcome);
        return outcome;
    }

    /** Waits for what is being written, then frees the copies; what went wrong was told. */
    @Override
    public void close() {
        last.exceptionally(e -> new Outcome(DigestChain.EMPTY, null, e.toString()))
                .join();
        writer.shutdown();
        synchronized (copying) {
            kept = null;
            Snapshot buffers = copy;
            if (buffers != null) {
                buffers.parameters().free();
                buffers.first().free();
                buffers.second().free();
                copy = null;
            }
        }
    }
}

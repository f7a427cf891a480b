package org.isofleet.worker.checkpoint;

import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import org.isofleet.protocol.group.CheckpointRef;
import org.isofleet.worker.engine.FlatVector;
import org.jspecify.annotations.Nullable;

/**
 * Digests and writes a run's scheduled checkpoints while training goes on: the step loop waits for a copy in memory only, and for the
 * checkpoint before if that is still being written. Every member digests, so that each knows the chain; only one writes.
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

    private CompletableFuture<Outcome> last = done(DigestChain.EMPTY);
    private @Nullable Snapshot copy;

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
     * Copies a state and has it digested, and written if there is a store.
     *
     * @param live the state now; its vectors may change when this returns
     * @param store null when another member writes
     * @param then hears what became of it, on the writing thread
     */
    public void submit(Snapshot live, @Nullable CheckpointStore store, Consumer<Outcome> then) {
        DigestChain before = last.join().chain();
        Snapshot snapshot = copy(live);
        last = CompletableFuture.supplyAsync(
                () -> {
                    Outcome outcome = process(snapshot, before, store);
                    then.accept(outcome);
                    return outcome;
                },
                writer);
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

    private static Outcome process(Snapshot snapshot, DigestChain before, @Nullable CheckpointStore store) {
        StateDigests digests = snapshot.digests();
        DigestChain chain = before.next(snapshot.step(), digests);
        if (store == null) {
            return new Outcome(chain, null, null);
        }
        try {
            return new Outcome(chain, store.write(snapshot, digests, chain), null);
        } catch (IOException | RuntimeException e) {
            String reason =
                    "the checkpoint of step %d could not be written: %s; free space there or name another folder"
                            .formatted(snapshot.step(), e.toString());
            return new Outcome(chain, null, reason);
        }
    }

    /** Waits for what is being written, then frees the copies. */
    @Override
    public void close() {
        last.join();
        writer.shutdown();
        Snapshot buffers = copy;
        if (buffers != null) {
            buffers.parameters().free();
            buffers.first().free();
            buffers.second().free();
            copy = null;
        }
    }
}

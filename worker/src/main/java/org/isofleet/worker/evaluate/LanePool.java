package org.isofleet.worker.evaluate;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Threads of one evaluation, one an engine's lane. Work is cut into chunks that are taken as threads come free; results go where their
 * index says, so they do not depend on who computed them.
 */
final class LanePool implements AutoCloseable {
    /** Work on {@code [from, to)}. */
    @FunctionalInterface
    interface Chunk {
        void run(int lane, int from, int to) throws InterruptedException;
    }

    private final int lanes;
    private final ExecutorService threads;

    LanePool(int lanes) {
        this.lanes = lanes;
        AtomicInteger number = new AtomicInteger();
        threads = Executors.newFixedThreadPool(lanes, task -> {
            Thread thread = new Thread(task, "isofleet-evaluate-" + number.getAndIncrement());
            thread.setDaemon(true);
            return thread;
        });
    }

    /**
     * Runs chunks of {@code size} over {@code 0..count-1} and returns when all are done.
     *
     * @throws InterruptedException when this thread was interrupted; chunks that run are then told so too
     */
    void forEach(int count, int size, Chunk chunk) throws InterruptedException {
        AtomicInteger next = new AtomicInteger();
        List<Future<?>> running = new ArrayList<>();
        for (int lane = 0; lane < lanes; lane++) {
            int own = lane;
            running.add(threads.submit(() -> {
                for (int from = next.getAndAdd(size);
                        from < count && !Thread.currentThread().isInterrupted();
                        from = next.getAndAdd(size)) {
                    chunk.run(own, from, Math.min(count, from + size));
                }
                return null;
            }));
        }
        try {
            for (Future<?> lane : running) {
                lane.get();
            }
        } catch (ExecutionException e) {
            next.set(count);
            throw rethrown(e);
        } catch (InterruptedException e) {
            threads.shutdownNow();
            throw e;
        }
    }

    private static RuntimeException rethrown(ExecutionException e) throws InterruptedException {
        Throwable cause = e.getCause();
        if (cause instanceof InterruptedException interrupted) {
            throw interrupted;
        } else if (cause instanceof Error error) {
            throw error;
        }
        return cause instanceof RuntimeException runtime ? runtime : new IllegalStateException(cause);
    }

    /** Waits for chunks that still run: the engine under them is about to be freed. */
    @Override
    public void close() {
        threads.shutdownNow();
        boolean interrupted = false;
        boolean ended = false;
        while (!ended) {
            try {
                ended = threads.awaitTermination(1, TimeUnit.MINUTES);
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}

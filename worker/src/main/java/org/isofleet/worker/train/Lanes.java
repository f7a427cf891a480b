package org.isofleet.worker.train;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * The compute threads of a worker: the caller is lane 0, every further lane a thread of its own. A step crosses a few barriers, each
 * of which would cost two thread wake-ups; so who waits looks {@value #SPINS} times, some ten microseconds, before it sleeps.
 */
final class Lanes implements AutoCloseable {
    /** Work of one lane. */
    @FunctionalInterface
    interface Task {
        void run(int lane);
    }

    private static final int SPINS = 500;

    private final Thread[] helpers;
    private final AtomicInteger running = new AtomicInteger();
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    private volatile long round;
    private long rounds;
    private volatile Task task = lane -> {};
    private volatile @Nullable Thread caller;
    private volatile boolean closed;

    Lanes(int count, String name) {
        helpers = new Thread[count - 1];
        for (int i = 0; i < helpers.length; i++) {
            int lane = i + 1;
            helpers[i] = new Thread(() -> help(lane), name + "-" + lane);
            helpers[i].setDaemon(true);
            helpers[i].start();
        }
    }

    int count() {
        return helpers.length + 1;
    }

    /** Runs the task on every lane and returns when all are done. Not safe for use by several threads. */
    void run(Task work) {
        caller = Thread.currentThread();
        task = work;
        running.set(helpers.length);
        rounds++;
        round = rounds;
        for (Thread helper : helpers) {
            LockSupport.unpark(helper);
        }
        attempt(work, 0);
        for (int spins = 0; running.get() > 0; spins++) {
            pause(spins);
        }
        Throwable thrown = failure.getAndSet(null);
        if (thrown instanceof Error error) {
            throw error;
        } else if (thrown instanceof RuntimeException exception) {
            throw exception;
        }
    }

    private void help(int lane) {
        long seen = 0;
        while (true) {
            for (int spins = 0; round == seen && !closed; spins++) {
                pause(spins);
            }
            if (closed) {
                return;
            }
            seen = round;
            attempt(task, lane);
            if (running.decrementAndGet() == 0) {
                LockSupport.unpark(caller);
            }
        }
    }

    private void attempt(Task work, int lane) {
        try {
            work.run(lane);
        } catch (Throwable thrown) { // rethrown by run()
            failure.compareAndSet(null, thrown);
        }
    }

    private static void pause(int spins) {
        if (spins < SPINS) {
            Thread.onSpinWait();
        } else {
            LockSupport.park();
        }
    }

    @Override
    public void close() {
        closed = true;
        for (Thread helper : helpers) {
            LockSupport.unpark(helper);
        }
    }
}

package org.isofleet.deploy.cli;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jline.utils.Signals;

/**
 * SIGTERM and Ctrl-C of a worker: the first asks it to hand over what it works at and to end by itself, so that its exit code is 0; the
 * next one to end at once.
 *
 * @param drain given the longest time that it may take
 * @param longest of the first
 */
record DrainSignals(Consumer<Duration> drain, Duration longest) {
    private static final Duration LONGEST_END = Duration.ofSeconds(5);
    /** What a shell says of a process that SIGTERM has ended. */
    private static final int TERMINATED = 143;

    void register() {
        AtomicBoolean asked = new AtomicBoolean();
        for (String signal : new String[] {"TERM", "INT"}) {
            Signals.register(signal, () -> {
                boolean again = asked.getAndSet(true);
                if (again) {
                    haltLater();
                }
                drain.accept(again ? Duration.ZERO : longest);
            });
        }
    }

    /** Whatever keeps a process that has been asked twice. */
    private static void haltLater() {
        CompletableFuture.delayedExecutor(LONGEST_END.toMillis(), TimeUnit.MILLISECONDS)
                .execute(() -> Runtime.getRuntime().halt(TERMINATED));
    }
}

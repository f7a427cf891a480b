package org.isofleet.deploy.cli;

import java.time.Duration;
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
    void register() {
        AtomicBoolean asked = new AtomicBoolean();
        for (String signal : new String[] {"TERM", "INT"}) {
            Signals.register(signal, () -> drain.accept(asked.getAndSet(true) ? Duration.ZERO : longest));
        }
    }
}

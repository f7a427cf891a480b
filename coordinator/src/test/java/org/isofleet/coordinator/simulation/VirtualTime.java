package org.isofleet.coordinator.simulation;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.function.BooleanSupplier;

/** A clock that jumps from event to event. */
final class VirtualTime {
    private record Event(Instant at, long order, Runnable action) {}

    private final PriorityQueue<Event> events =
            new PriorityQueue<>(Comparator.comparing(Event::at).thenComparing(Event::order));
    private long scheduled;
    private Instant now = Instant.parse("2026-01-01T00:00:00Z");

    Instant now() {
        return now;
    }

    void after(Duration delay, Runnable action) {
        at(now.plus(delay), action);
    }

    void at(Instant time, Runnable action) {
        events.add(new Event(time.isBefore(now) ? now : time, scheduled++, action));
    }

    /** Runs until a condition holds or the time is over. */
    void runUntil(BooleanSupplier done, Duration limit) {
        Instant end = now.plus(limit);
        while (!done.getAsBoolean() && !events.isEmpty() && events.peek().at().isBefore(end)) {
            Event event = events.remove();
            now = event.at();
            event.action().run();
        }
    }
}

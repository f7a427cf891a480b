package org.isofleet.coordinator.run;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What went wrong with a worker again and again: each time it is left alone for twice as long as before.
 *
 * @param times how often, without a quiet time between
 * @param until when it is tried again
 */
public record Setback(int times, Instant until) {
    private static final int MOST_DOUBLINGS = 30;

    /**
     * The setback after another one.
     *
     * @param from when the time begins for which it is left alone
     * @param first that time after the first setback
     * @param longest that time at most, and how long it has to go well until all is forgotten
     */
    static Setback after(@Nullable Setback before, Instant from, Duration first, Duration longest) {
        int times = before == null || before.isForgotten(from, longest) ? 1 : before.times + 1;
        Duration doubled = first.multipliedBy(1L << Math.min(times - 1, MOST_DOUBLINGS));
        return new Setback(times, from.plus(doubled.compareTo(longest) < 0 ? doubled : longest));
    }

    boolean isForgotten(Instant now, Duration longest) {
        return now.isAfter(until.plus(longest));
    }
}

package org.isofleet.coordinator.run;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How a group comes along, as heartbeats show it.
 *
 * @param generation the group
 * @param first the step that it was at when it was first seen
 * @param began when that was
 * @param step the newest step
 * @param since when it was reached
 * @param seenAt when it was last seen that there is no newer one
 * @param usual time that one step takes, smoothed; null before the first
 */
public record StepProgress(
        long generation,
        long first,
        Instant began,
        long step,
        Instant since,
        Instant seenAt,
        @Nullable Duration usual) {
    /** Weight of what is known against a new step: some twenty steps are remembered. */
    private static final int MEMORY = 19;

    /** The step of a group of which no heartbeat has told yet. */
    static final long UNSEEN = -1;

    /** Steps of which a mean can be taken. */
    private static final int FEW = 2;

    static StepProgress beginning(long generation, long step, Instant now) {
        return new StepProgress(generation, step, now, step, now, now, null);
    }

    /** It was seen at a step. */
    StepProgress seen(long at, Instant now) {
        if (step == UNSEEN) {
            return beginning(generation, at, now);
        } else if (at <= step) {
            return new StepProgress(generation, first, began, step, since, now, usual);
        }
        Duration each = Duration.between(since, now).dividedBy(at - step);
        Duration smoothed =
                usual == null ? each : usual.multipliedBy(MEMORY).plus(each).dividedBy(MEMORY + 1);
        return new StepProgress(generation, first, began, at, now, now, smoothed);
    }

    /** Time of a step since the group began; empty until it has made a few in so long a time. */
    Optional<Duration> mean(Duration atLeast) {
        Duration seen = Duration.between(began, since);
        return step - first < FEW || seen.compareTo(atLeast) < 0
                ? Optional.empty()
                : Optional.of(seen.dividedBy(step - first));
    }

    /** How long there was no newer step. */
    Duration still() {
        return Duration.between(since, seenAt);
    }

    /** How long there may be none. */
    Duration limit(RunPace pace) {
        if (usual == null) {
            return pace.firstStep();
        }
        Duration many = usual.multipliedBy(pace.stallFactor());
        return many.compareTo(pace.stall()) > 0 ? many : pace.stall();
    }
}

package org.isofleet.coordinator.simulation;

import java.time.Duration;
import java.time.Instant;
import java.util.Random;

/**
 * How badly the world behaves until {@code until}; then it behaves well.
 *
 * @param lost chance that a message is lost
 * @param doubled chance that it comes twice
 * @param delayed chance that it takes up to three seconds, and so overtakes or is overtaken
 * @param failing chance that a training or an evaluation fails, per attempt
 */
record Chaos(Random random, Instant until, double lost, double doubled, double delayed, double failing) {
    boolean rages(Instant now) {
        return now.isBefore(until);
    }

    boolean happens(Instant now, double chance) {
        return rages(now) && random.nextDouble() < chance;
    }

    /** Carries a message over the network. */
    void carry(VirtualTime time, Runnable delivery) {
        int copies = happens(time.now(), lost) ? 0 : happens(time.now(), doubled) ? 2 : 1;
        for (int i = 0; i < copies; i++) {
            int millis = 1 + random.nextInt(5);
            if (happens(time.now(), delayed)) {
                millis += random.nextInt(3000);
            }
            time.after(Duration.ofMillis(millis), delivery);
        }
    }
}

package org.isofleet.coordinator.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class StepProgressTest {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    private static Instant after(double seconds) {
        return START.plusMillis(Math.round(seconds * 1000));
    }

    /** It began elsewhere than at 0, and how long ago its first steps were made nobody knows. */
    @Test
    void stepsBeforeTheFirstHeartbeat_tellNothingOfTheTimeOfAStep() {
        StepProgress begun = StepProgress.beginning(2, StepProgress.UNSEEN, START);
        StepProgress first = begun.seen(400, after(10));
        assertThat(first.usual()).isNull();
        assertThat(first.mean(Duration.ZERO)).isEmpty();
        assertThat(first.still()).isZero();
        StepProgress more = first.seen(402, after(14));
        assertThat(more.usual()).isEqualTo(Duration.ofSeconds(2));
        assertThat(more.mean(Duration.ofSeconds(4))).contains(Duration.ofSeconds(2));
    }

    @Test
    void heartbeatWithoutAStep_countsAsStandingStill() {
        StepProgress unseen =
                StepProgress.beginning(2, StepProgress.UNSEEN, START).seen(StepProgress.UNSEEN, after(5));
        assertThat(unseen.step()).isEqualTo(StepProgress.UNSEEN);
        StepProgress stands = unseen.seen(7, after(6)).seen(7, after(9));
        assertThat(stands.still()).isEqualTo(Duration.ofSeconds(3));
        assertThat(stands.mean(Duration.ZERO)).isEmpty();
    }
}

package org.isofleet.coordinator.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SetbackTest {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final Duration FIRST = Duration.ofSeconds(8);
    private static final Duration LONGEST = Duration.ofSeconds(60);

    @ParameterizedTest
    @CsvSource({"1, 8", "2, 16", "3, 32", "4, 60", "5, 60", "100, 60"})
    void time_doublesUpToItsLongest(int times, long seconds) {
        Setback setback = Setback.after(null, START, FIRST, LONGEST);
        for (int i = 1; i < times; i++) {
            setback = Setback.after(setback, START, FIRST, LONGEST);
        }
        assertThat(setback).isEqualTo(new Setback(times, START.plusSeconds(seconds)));
    }

    @Test
    void quietTime_makesItForgotten() {
        Setback setback = new Setback(3, START);
        assertThat(Setback.after(setback, START.plus(LONGEST), FIRST, LONGEST).times())
                .isEqualTo(4);
        assertThat(Setback.after(setback, START.plus(LONGEST).plusMillis(1), FIRST, LONGEST)
                        .times())
                .isEqualTo(1);
    }
}

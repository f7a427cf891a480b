package org.isofleet.coordinator.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class RequestPaceTest {
    private static final long SECOND = 1_000_000_000L;

    @Test
    void somebody_asksAsOftenAsTheBucketHoldsAndThenAtItsRate() {
        RequestPace pace = new RequestPace(10, 30);
        assertThat(allowed(pace, "a", 100, 0)).isEqualTo(30);
        assertThat(allowed(pace, "a", 100, SECOND)).isEqualTo(10);
        assertThat(allowed(pace, "a", 100, 100 * SECOND)).isEqualTo(30);
    }

    @Test
    void others_areNotHeldUp() {
        RequestPace pace = new RequestPace(1, 1);
        assertThat(allowed(pace, "a", 5, 0)).isEqualTo(1);
        assertThat(allowed(pace, "b", 5, 0)).isEqualTo(1);
    }

    @Test
    void manyAddresses_takeBoundedMemory() {
        RequestPace pace = new RequestPace(1, 1);
        for (int i = 0; i < 5 * RequestPace.REMEMBERED; i++) {
            pace.allows("host" + i, 0);
        }
        assertThat(pace.remembered()).isEqualTo(RequestPace.REMEMBERED);
    }

    private static long allowed(RequestPace pace, String who, int times, long nanos) {
        return LongStream.range(0, times).filter(i -> pace.allows(who, nanos)).count();
    }
}

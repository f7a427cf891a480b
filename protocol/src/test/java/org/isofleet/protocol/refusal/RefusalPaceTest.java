package org.isofleet.protocol.refusal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RefusalPaceTest {
    private final RefusalPace pace = new RefusalPace();

    private List<String> told(int times, String host, long firstMillis, long stepMillis) {
        List<String> told = new ArrayList<>();
        for (int i = 0; i < times; i++) {
            pace.next(host, "garbage", firstMillis + i * stepMillis).ifPresent(told::add);
        }
        return told;
    }

    @Test
    void thousandAttempts_areOneLine_andTheirNumberIsInTheNext() {
        assertThat(told(1000, "10.0.0.9", 0, 50)).containsExactly("");
        assertThat(pace.next("10.0.0.9", "garbage", RefusalPace.AGAIN_MILLIS))
                .contains("; 999 times more since it was last told");
        assertThat(pace.next("10.0.0.9", "garbage", 2L * RefusalPace.AGAIN_MILLIS))
                .contains("");
    }

    @Test
    void anotherReasonOrMachine_isToldAtOnce() {
        assertThat(pace.next("10.0.0.9", "garbage", 0)).contains("");
        assertThat(pace.next("10.0.0.9", "no certificate", 1)).contains("");
        assertThat(pace.next("10.0.0.8", "garbage", 2)).contains("");
        assertThat(pace.next("10.0.0.8", "garbage", 3)).isEmpty();
    }

    @Test
    void thousandsOfMachines_areAFewLinesAMinute_andCounted() {
        List<String> told = new ArrayList<>();
        for (int i = 0; i < 5000; i++) {
            pace.next("10.0." + i / 256 + "." + i % 256, "garbage", i).ifPresent(told::add);
        }
        assertThat(told).hasSize(RefusalPace.LINES);
        assertThat(pace.next("10.9.9.9", "garbage", RefusalPace.AGAIN_MILLIS + 1L))
                .contains("; 4990 others were not told");
    }

    @Test
    void machinesThatComeForDays_areForgotten() {
        for (int i = 0; i < 20 * RefusalPace.REMEMBERED; i++) {
            assertThat(pace.next("host" + i, "garbage", (long) i * RefusalPace.AGAIN_MILLIS))
                    .contains("");
        }
        assertThat(pace.remembered()).isEqualTo(RefusalPace.REMEMBERED);
    }
}

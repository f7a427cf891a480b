package org.isofleet.coordinator.run;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class WorkerAddressesTest {
    private final WorkerAddresses<String> addresses = new WorkerAddresses<>();

    @Test
    void worker_thatIsHeardOfAgainAndAgain_isNeverForgotten() {
        for (int i = 0; i < 3 * WorkerAddresses.MOST; i++) {
            addresses.remember("member", 1, "here");
            addresses.remember("w" + i, 1, "there");
            assertThat(addresses.of("member", 1)).isEqualTo("here");
        }
    }

    @Test
    void worker_thatWasHeardOfLongAgo_isForgotten() {
        addresses.remember("w", 1, "there");
        for (int i = 0; i < WorkerAddresses.MOST; i++) {
            addresses.remember("w" + i, 1, "there");
        }
        assertThat(addresses.of("w", 1)).isNull();
    }

    @Test
    void process_isNotTheOneBeforeIt() {
        addresses.remember("w", 1, "there");
        addresses.remember("w", 2, "here");
        assertThat(addresses.of("w", 1)).isEqualTo("there");
        assertThat(addresses.of("w", 2)).isEqualTo("here");
        assertThat(addresses.of("w", 3)).isNull();
    }
}

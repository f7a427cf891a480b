package org.isofleet.coordinator.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Objects;
import org.isofleet.protocol.study.RunId;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ShardPaceTest {
    private static final RunId RUN = new RunId("0123456789abcdef");
    private static final RunId OTHER = new RunId("fedcba9876543210");

    private static ShardPace beats(@Nullable ShardPace before, RunId run, double seconds, int beats) {
        ShardPace pace = before;
        for (int i = 0; i < beats; i++) {
            pace = ShardPace.after(pace, run, seconds);
        }
        return Objects.requireNonNull(pace);
    }

    @Test
    void score_isUnknownForTheFirstFiveSeconds() {
        ShardPace early = beats(null, RUN, 1, 9);
        assertThat(early.score(List.of(beats(null, RUN, 0.1, 50)))).isZero();
        assertThat(beats(early, RUN, 1, 1).score(List.of())).isEqualTo(1);
    }

    @Test
    void worker_thatBecomesSlow_isComparedWithItsOwnEarlierSteps() {
        ShardPace slow = beats(beats(null, RUN, 0.2, 20), RUN, 0.6, 50);
        assertThat(slow.score(List.of())).isCloseTo(3, within(0.05));
        assertThat(beats(slow, RUN, 0.2, 60).score(List.of())).isCloseTo(1, within(0.05));
    }

    @Test
    void worker_thatWasSlowFromTheBeginning_isComparedWithItsPeers() {
        ShardPace slow = beats(null, RUN, 0.5, 20);
        ShardPace peer = beats(null, RUN, 0.2, 20);
        assertThat(slow.score(List.of(peer))).isCloseTo(2.5, within(1e-9));
        assertThat(peer.score(List.of(slow))).isEqualTo(1);
    }

    @Test
    void peer_ofAnotherRunOrTooNew_saysNothing() {
        ShardPace pace = beats(null, RUN, 0.5, 20);
        assertThat(pace.score(List.of(beats(null, OTHER, 0.1, 20), beats(null, RUN, 0.1, 9))))
                .isEqualTo(1);
    }

    @Test
    void oneSlowStep_isNoStraggler() {
        ShardPace pace = beats(beats(null, RUN, 0.2, 20), RUN, 0.8, 1);
        assertThat(pace.score(List.of())).isLessThan(1.5);
    }

    @Test
    void anotherRun_beginsAnew_andAnIdleWorkerHasNoPace() {
        ShardPace pace = beats(beats(null, RUN, 0.1, 20), OTHER, 0.4, 20);
        assertThat(pace.score(List.of())).isEqualTo(1);
        assertThat(ShardPace.after(pace, OTHER, 0)).isNull();
        assertThat(ShardPace.after(pace, null, 0.4)).isNull();
    }
}

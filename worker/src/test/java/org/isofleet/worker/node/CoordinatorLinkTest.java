package org.isofleet.worker.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class CoordinatorLinkTest {
    private final CoordinatorLink<String> link = new CoordinatorLink<>(2, 0);

    private List<Integer> dialled(long from, long to) {
        List<Integer> dialled = new ArrayList<>();
        for (long now = from; now <= to; now += 250) {
            link.tick(now).ifPresent(dialled::add);
        }
        return dialled;
    }

    @Test
    void noCoordinator_allAreDialledInTurnForEver() {
        List<Integer> first = dialled(0, 3_000);
        assertThat(first).startsWith(0, 1, 0, 1);
        List<Integer> later = dialled(3_250, 600_000);
        assertThat(later).contains(0, 1).hasSizeBetween(140, 160); // every 4 s
        assertThat(link.gateway()).isNull();
        assertThat(link.silentMillis()).isEqualTo(600_000);
    }

    @Test
    void welcomedWorker_dialsNobodyWhileWelcomesRepeat() {
        assertThat(dialled(0, 0)).containsExactly(0);
        assertThat(link.welcomed("a", 100)).isTrue();
        for (long now = 1_000; now < 10_000; now += 1_000) {
            assertThat(dialled(now, now + 750)).isEmpty();
            assertThat(link.welcomed("a", now + 800)).isFalse();
        }
        assertThat(link.gateway()).isEqualTo("a");
    }

    @Test
    void silence_ofTwoSecondsTurnsToTheNextCoordinator() {
        dialled(0, 0);
        link.welcomed("a", 0);
        assertThat(dialled(250, 2_000)).isEmpty();
        assertThat(link.gateway()).isEqualTo("a");
        assertThat(dialled(2_250, 2_250)).containsExactly(1);
        assertThat(link.gateway()).isNull();
        assertThat(link.welcomed("b", 2_300)).isTrue();
        assertThat(link.gateway()).isEqualTo("b");
    }

    @Test
    void pauses_areShortAgainAfterAWelcome() {
        dialled(0, 60_000);
        link.welcomed("a", 60_000);
        assertThat(dialled(62_250, 63_250)).hasSize(3);
    }

    @Test
    void lateWelcomeOfAnother_changesNothing() {
        link.welcomed("a", 0);
        assertThat(link.welcomed("b", 1_000)).isFalse();
        assertThat(link.gateway()).isEqualTo("a");
        assertThat(link.welcomed("b", 2_500)).isTrue();
        assertThat(link.gateway()).isEqualTo("b");
    }

    @Test
    void stoppedProcess_countsNoSilence() {
        link.welcomed("a", 0);
        link.tick(1_000);
        link.tick(3_600_000); // SIGSTOP for an hour
        assertThat(link.silentMillis()).isLessThanOrEqualTo(3_000);
    }
}

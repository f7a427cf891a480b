package org.isofleet.deploy.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.isofleet.deploy.chaos.ChaosAnswer.Quantiles;
import org.isofleet.deploy.chaos.RecoveryDrill.Kill;
import org.isofleet.deploy.chaos.RecoveryPhases;
import org.isofleet.metrics.live.LiveJson;
import org.junit.jupiter.api.Test;

class RecoveryTimesTest {
    @Test
    void times_areQuantilesOfAllKills() {
        RecoveryTimes times = RecoveryTimes.of(kills(1, 1.5, 2, 3.5, 5));
        assertThat(times.seconds()).isEqualTo(new Quantiles(2, 5, 5));
        assertThat(times.wholeSeconds()).isEqualTo(new Quantiles(20, 50, 50));
        assertThat(times.joinSeconds()).isEqualTo(new Quantiles(0.02, 0.05, 0.05));
        assertThat(times.phases()).containsEntry("noticed", new Quantiles(1, 2.5, 2.5));
        assertThat(times.phases()).containsEntry("stepped", new Quantiles(0.2, 0.5, 0.5));
    }

    @Test
    void goal_isReachedOnlyByBothQuantiles() {
        assertThat(RecoveryTimes.of(kills(1, 1.5, 2, 3.5, 4)).isGoalReached()).isTrue();
        assertThat(RecoveryTimes.of(kills(1, 1.5, 2, 3.5, 5)).isGoalReached()).isFalse();
        assertThat(RecoveryTimes.of(kills(1, 1.5, 2.1, 3.5, 4)).isGoalReached()).isFalse();
    }

    @Test
    void json_hasTheTimesAndEveryKill() throws Exception {
        var json = LiveJson.mapper().readTree(LiveJson.mapper().writeValueAsString(RecoveryTimes.of(kills(1, 2))));
        assertThat(json.at("/seconds/p50").asDouble()).isEqualTo(1);
        assertThat(json.at("/phases/decided/max").asDouble()).isEqualTo(0.4);
        assertThat(json.at("/whole_seconds/p95").asDouble()).isEqualTo(20);
        assertThat(json.at("/goal_reached").asBoolean()).isTrue();
        assertThat(json.at("/kills/1/phases/noticed_seconds").asDouble()).isEqualTo(1);
        assertThat(json.has("lines")).isFalse();
    }

    private static List<Kill> kills(double... seconds) {
        List<Kill> kills = new ArrayList<>();
        for (double each : seconds) {
            kills.add(new Kill(
                    kills.size() % 2,
                    each,
                    10 * each,
                    each / 100,
                    new RecoveryPhases(each / 2, each / 5, each / 10, each / 10, each / 10)));
        }
        return kills;
    }
}

package org.isofleet.deploy.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import org.isofleet.coordinator.node.CoordinatorSettings.NetworkProfile;
import org.isofleet.deploy.chaos.ChaosAnswer.Quantiles;
import org.isofleet.deploy.chaos.FailoverDrill.Kill;
import org.isofleet.metrics.live.LiveJson;
import org.junit.jupiter.api.Test;

class FailoverTimesTest {
    @Test
    void goal_isThatOfTheNetwork() {
        assertThat(times(NetworkProfile.LAN, 0.1, 9, 10, 15).isGoalReached()).isTrue();
        assertThat(times(NetworkProfile.LAN, 0.1, 9, 10, 16).isGoalReached()).isFalse();
        assertThat(times(NetworkProfile.DEFAULT, 0.1, 9, 10, 16).isGoalReached())
                .isTrue();
        assertThat(times(NetworkProfile.DEFAULT, 0.1, 9, 10, 26).isGoalReached())
                .isFalse();
    }

    @Test
    void goal_isMissedByARunThatStalls() {
        assertThat(times(NetworkProfile.LAN, 1, 9).isGoalReached()).isFalse();
    }

    @Test
    void json_hasTheTimesAndEveryKill() throws Exception {
        FailoverTimes times = times(NetworkProfile.DEFAULT, 0.1, 16, 18, 17);
        var json = LiveJson.mapper().readTree(LiveJson.mapper().writeValueAsString(times));
        assertThat(times.seconds()).isEqualTo(new Quantiles(17, 18, 18));
        assertThat(json.at("/network").asText()).isEqualTo("default");
        assertThat(json.at("/seconds/p95").asDouble()).isEqualTo(18);
        assertThat(json.at("/longest_gap_seconds/max").asDouble()).isEqualTo(0.1);
        assertThat(json.at("/goal_p95_seconds").asDouble()).isEqualTo(25);
        assertThat(json.at("/kills/1/seconds").asDouble()).isEqualTo(18);
        assertThat(json.has("lines")).isFalse();
    }

    @Test
    void killAfterWhichNothingWasPlaced_countsForTheOtherRunAlone() throws Exception {
        FailoverTimes times = FailoverTimes.of(
                NetworkProfile.LAN, List.of(new Kill(0, 9.0, 0.1), new Kill(1, null, 0.4), new Kill(0, 11.0, 0.2)));
        assertThat(times.seconds()).isEqualTo(Quantiles.of(List.of(9.0, 11.0)));
        assertThat(times.longestGapSeconds().max()).isEqualTo(0.4);
        assertThat(times.lines()).last().asString().startsWith("3 kills, 2 of which left a run to be placed");
        assertThat(LiveJson.mapper().writeValueAsString(times))
                .contains("{\"coordinator\":1,\"longest_gap_seconds\":0.4}");
    }

    private static FailoverTimes times(NetworkProfile profile, double gap, double... seconds) {
        List<Kill> kills =
                Arrays.stream(seconds).mapToObj(each -> new Kill(0, each, gap)).toList();
        return FailoverTimes.of(profile, kills);
    }
}

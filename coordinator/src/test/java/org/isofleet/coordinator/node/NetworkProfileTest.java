package org.isofleet.coordinator.node;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.nio.file.Path;
import java.time.Duration;
import org.isofleet.coordinator.journal.Journal;
import org.isofleet.coordinator.journal.JournalSettings;
import org.isofleet.coordinator.node.CoordinatorSettings.NetworkProfile;
import org.junit.jupiter.api.Test;

/**
 * What the profiles promise, from what the time without a killed coordinator is the sum of: until it is missed, until the others are sure,
 * and the margin until its work is given to them; half a second beside.
 */
class NetworkProfileTest {
    private static final JournalSettings SHARED = new JournalSettings.PostgreSql("jdbc:postgresql://127.0.0.1/x", null);
    /** Of the phi accrual detector at threshold 8, beyond its acceptable pause and an interval. */
    private static final Duration DOUBT = Duration.ofMillis(700);

    private static final Duration REST = Duration.ofMillis(500);

    @Test
    void lan_placesAgainWithin15Seconds() {
        assertThat(failover(config(NetworkProfile.LAN, SHARED))).isLessThan(Duration.ofSeconds(15));
    }

    @Test
    void default_placesAgainWithin25Seconds_andIsAsPatientAsPekkoRecommends() {
        Config config = config(NetworkProfile.DEFAULT, SHARED);
        assertThat(failover(config)).isLessThan(Duration.ofSeconds(25));
        assertThat(config.getDuration("pekko.cluster.split-brain-resolver.stable-after"))
                .isGreaterThanOrEqualTo(Duration.ofSeconds(7));
    }

    @Test
    void sharedJournal_decidesWhoGoesOn() {
        Config config = config(NetworkProfile.LAN, SHARED);
        assertThat(config.getString("pekko.cluster.split-brain-resolver.active-strategy"))
                .isEqualTo("lease-majority");
        assertThat(config.getConfig(config.getString(
                                "pekko.cluster.split-brain-resolver.lease-majority.lease-implementation"))
                        .getString("url"))
                .isEqualTo("jdbc:postgresql://127.0.0.1/x");
    }

    /** With as many as there are coordinators nothing would be placed after one has died. */
    @Test
    void noProfile_waitsForANumberOfMembers() {
        for (NetworkProfile profile : NetworkProfile.values()) {
            Config config = config(profile, SHARED);
            assertThat(config.getInt("pekko.cluster.min-nr-of-members")).isEqualTo(1);
            assertThat(config.hasPath("pekko.cluster.role.coordinator.min-nr-of-members"))
                    .isFalse();
        }
    }

    private static Config config(NetworkProfile profile, JournalSettings journal) {
        Path folder = Path.of("none");
        return NodeConfig.of(
                        new CoordinatorSettings("127.0.0.1", 0, folder, journal, "secret", profile, null),
                        Journal.of(journal, folder))
                .withFallback(ConfigFactory.load())
                .resolve();
    }

    private static Duration failover(Config config) {
        Config cluster = config.getConfig("pekko.cluster");
        Duration stable = cluster.getDuration("split-brain-resolver.stable-after");
        return cluster.getDuration("failure-detector.heartbeat-interval")
                .plus(cluster.getDuration("failure-detector.acceptable-heartbeat-pause"))
                .plus(DOUBT)
                .plus(stable)
                .plus(cluster.getDuration("split-brain-resolver.lease-majority.acquire-lease-delay-for-minority"))
                .plus(
                        cluster.getString("down-removal-margin").equals("off")
                                ? stable
                                : cluster.getDuration("down-removal-margin"))
                .plus(REST);
    }
}

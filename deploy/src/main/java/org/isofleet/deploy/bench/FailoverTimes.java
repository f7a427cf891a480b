package org.isofleet.deploy.bench;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.isofleet.coordinator.node.CoordinatorSettings.NetworkProfile;
import org.isofleet.deploy.chaos.ChaosAnswer.Quantiles;
import org.isofleet.deploy.chaos.FailoverDrill;

/**
 * What the kills of coordinators came to.
 *
 * @param network {@code lan} or {@code default}
 * @param seconds until a run that waited to be placed made its next step, of the kills after which it had to be placed
 * @param longestGapSeconds between two steps of the run that had its worker all the while
 * @param kills in their order
 */
public record FailoverTimes(
        String network,
        Quantiles seconds,
        @JsonProperty("longest_gap_seconds") Quantiles longestGapSeconds,
        List<FailoverDrill.Kill> kills) {
    /** A run that makes no step for so long has stalled. */
    static final double STALL_SECONDS = 1;

    private static final double LAN_P95_SECONDS = 15;
    private static final double DEFAULT_P95_SECONDS = 25;

    public FailoverTimes {
        kills = List.copyOf(kills);
    }

    static FailoverTimes of(NetworkProfile profile, List<FailoverDrill.Kill> kills) {
        return new FailoverTimes(
                profile.name().toLowerCase(Locale.ROOT),
                Quantiles.of(kills.stream()
                        .map(FailoverDrill.Kill::seconds)
                        .filter(Objects::nonNull)
                        .toList()),
                Quantiles.of(kills.stream()
                        .map(FailoverDrill.Kill::longestGapSeconds)
                        .toList()),
                kills);
    }

    /** What is to be reached at the 95th percentile. */
    @JsonProperty("goal_p95_seconds")
    public double goalP95Seconds() {
        return network.equals("lan") ? LAN_P95_SECONDS : DEFAULT_P95_SECONDS;
    }

    /** Whether it is reached, and no step was waited for meanwhile. */
    @JsonProperty("goal_reached")
    public boolean isGoalReached() {
        return seconds.p95() <= goalP95Seconds() && longestGapSeconds.max() < STALL_SECONDS;
    }

    /** As text for a terminal. */
    @JsonIgnore
    List<String> lines() {
        return List.of(
                String.format(Locale.ROOT, "%-24s %9s %9s %9s", "network " + network, "p50", "p95", "max"),
                row("placed, next step", seconds),
                row("other run, longest gap", longestGapSeconds),
                String.format(
                        Locale.ROOT,
                        "%d kills, %d of which left a run to be placed; goal of %.0f s p95, and no gap of %.0f s, %s",
                        kills.size(),
                        kills.stream().filter(kill -> kill.seconds() != null).count(),
                        goalP95Seconds(),
                        STALL_SECONDS,
                        isGoalReached() ? "reached" : "NOT REACHED"));
    }

    private static String row(String name, Quantiles values) {
        return String.format(
                Locale.ROOT, "%-24s %7.3f s %7.3f s %7.3f s", name, values.p50(), values.p95(), values.max());
    }
}

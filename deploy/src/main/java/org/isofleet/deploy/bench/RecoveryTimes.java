package org.isofleet.deploy.bench;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.isofleet.deploy.chaos.ChaosAnswer.Quantiles;
import org.isofleet.deploy.chaos.RecoveryDrill;
import org.isofleet.deploy.chaos.RecoveryPhases;

/**
 * What the kills of a drill came to.
 *
 * @param seconds to the next step of the run
 * @param phases of these seconds, each for itself
 * @param wholeSeconds to the first step that the killed worker made again
 * @param joinSeconds that the run stood when that worker joined
 * @param kills in their order
 */
public record RecoveryTimes(
        Quantiles seconds,
        Map<String, Quantiles> phases,
        @JsonProperty("whole_seconds") Quantiles wholeSeconds,
        @JsonProperty("join_seconds") Quantiles joinSeconds,
        List<RecoveryDrill.Kill> kills) {
    /** What is to be reached on one machine. */
    static final double GOAL_P50_SECONDS = 2;

    static final double GOAL_P95_SECONDS = 4;

    public RecoveryTimes {
        kills = List.copyOf(kills);
    }

    static RecoveryTimes of(List<RecoveryDrill.Kill> kills) {
        Map<String, Quantiles> phases = new LinkedHashMap<>();
        phases.put("noticed", phase(kills, RecoveryPhases::noticed));
        phases.put("decided", phase(kills, RecoveryPhases::decided));
        phases.put("prepared", phase(kills, RecoveryPhases::prepared));
        phases.put("started", phase(kills, RecoveryPhases::started));
        phases.put("stepped", phase(kills, RecoveryPhases::stepped));
        return new RecoveryTimes(
                quantiles(kills, RecoveryDrill.Kill::seconds),
                phases,
                quantiles(kills, RecoveryDrill.Kill::wholeSeconds),
                quantiles(kills, RecoveryDrill.Kill::joinSeconds),
                kills);
    }

    private static Quantiles phase(List<RecoveryDrill.Kill> kills, ToDoubleFunction<RecoveryPhases> part) {
        return quantiles(kills, kill -> part.applyAsDouble(kill.phases()));
    }

    private static Quantiles quantiles(List<RecoveryDrill.Kill> kills, ToDoubleFunction<RecoveryDrill.Kill> value) {
        return Quantiles.of(kills.stream().map(value::applyAsDouble).toList());
    }

    /** Whether the goal is reached. */
    @JsonProperty("goal_reached")
    public boolean isGoalReached() {
        return seconds.p50() <= GOAL_P50_SECONDS && seconds.p95() <= GOAL_P95_SECONDS;
    }

    /** As text for a terminal. */
    @JsonIgnore
    List<String> lines() {
        List<String> lines = new ArrayList<>();
        lines.add(row("", "p50", "p95", "max"));
        lines.add(row("next step", seconds));
        phases.forEach((name, part) -> lines.add(row("  " + name, part)));
        lines.add(row("all again", wholeSeconds));
        lines.add(row("stood for it", joinSeconds));
        lines.add(String.format(
                Locale.ROOT,
                "%d kills; goal of %.0f s p50 and %.0f s p95 %s",
                kills.size(),
                GOAL_P50_SECONDS,
                GOAL_P95_SECONDS,
                isGoalReached() ? "reached" : "NOT REACHED"));
        return lines;
    }

    private static String row(String name, Quantiles values) {
        return row(name, seconds(values.p50()), seconds(values.p95()), seconds(values.max()));
    }

    private static String row(String... cells) {
        return String.format(Locale.ROOT, "%-12s %9s %9s %9s", (Object[]) cells);
    }

    private static String seconds(double value) {
        return String.format(Locale.ROOT, "%.3f s", value);
    }
}

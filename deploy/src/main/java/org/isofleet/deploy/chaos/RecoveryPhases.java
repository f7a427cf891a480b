package org.isofleet.deploy.chaos;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Where the time between the death of a worker and the next step of its run went, in seconds; together they are that time.
 *
 * @param noticed until a peer told that the worker is gone, or else until any worker heard of the next generation
 * @param decided until a worker heard of the generation that made the next step
 * @param prepared until a member of it stood and told what it holds
 * @param started until a member of it began
 * @param stepped until it had made a step
 */
public record RecoveryPhases(
        @JsonProperty("noticed_seconds") double noticed,
        @JsonProperty("decided_seconds") double decided,
        @JsonProperty("prepared_seconds") double prepared,
        @JsonProperty("started_seconds") double started,
        @JsonProperty("stepped_seconds") double stepped) {
    /**
     * Those of a death.
     *
     * @param step the sight of the next step
     */
    static RecoveryPhases of(List<Trace> traces, long deathMillis, Sight step) {
        List<Sight> since = traces.stream()
                .flatMap(trace -> trace.sights().stream())
                .filter(sight -> sight.run().equals(step.run())
                        && sight.atMillis() >= deathMillis
                        && sight.atMillis() <= step.atMillis())
                .sorted(Comparator.comparingLong(Sight::atMillis))
                .toList();
        long started = first(since, Sight.Kind.START, step).orElse(step.atMillis());
        long prepared = first(since, Sight.Kind.PREPARED, step).orElse(started);
        long asked = first(since, Sight.Kind.ASKED, step).orElse(prepared);
        long noticed = since.stream()
                .filter(sight -> sight.kind() == Sight.Kind.LOST || sight.kind() == Sight.Kind.ASKED)
                .mapToLong(Sight::atMillis)
                .findFirst()
                .orElse(asked);
        return new RecoveryPhases(
                seconds(deathMillis, noticed),
                seconds(noticed, asked),
                seconds(asked, prepared),
                seconds(prepared, started),
                seconds(started, step.atMillis()));
    }

    private static Optional<Long> first(List<Sight> sights, Sight.Kind kind, Sight step) {
        return sights.stream()
                .filter(sight -> sight.kind() == kind && sight.generation() == step.generation())
                .map(Sight::atMillis)
                .findFirst();
    }

    private static double seconds(long from, long to) {
        return (to - from) * 1e-3;
    }
}

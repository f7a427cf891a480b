package org.isofleet.deploy.chaos;

import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** When a run was placed anew, as its workers have told. */
final class NextGeneration {
    private NextGeneration() {}

    /** The newest generation of a run that anybody has entered; 0 when there is none. */
    static long newest(List<Trace> traces, String run) {
        return traces.stream()
                .flatMap(trace -> trace.sights().stream())
                .filter(sight -> sight.kind() == Sight.Kind.START && sight.run().equals(run))
                .mapToLong(Sight::generation)
                .max()
                .orElse(0);
    }

    /** The sight of the first step that a run made in a later generation than this one. */
    static Optional<Sight> firstStep(List<Trace> traces, String run, long generation) {
        Map<Long, Long> begunAt = new HashMap<>();
        List<Sight> later = traces.stream()
                .flatMap(trace -> trace.sights().stream())
                .filter(sight -> sight.run().equals(run) && sight.generation() > generation)
                .sorted(Comparator.comparingLong(Sight::atMillis))
                .toList();
        for (Sight sight : later) {
            if (sight.kind() == Sight.Kind.START) {
                begunAt.putIfAbsent(sight.generation(), sight.step());
            } else if (sight.kind() == Sight.Kind.HELD
                    && sight.step() > begunAt.getOrDefault(sight.generation(), Long.MAX_VALUE)) {
                return Optional.of(sight);
            }
        }
        return Optional.empty();
    }
}

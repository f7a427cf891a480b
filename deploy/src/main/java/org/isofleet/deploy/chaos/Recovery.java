package org.isofleet.deploy.chaos;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;

/**
 * How long runs stood still for a fault: from the fault to the next step of an affected run, the slowest of them counting. A fault of a
 * worker affects the run that it holds, any other fault all runs that are held by anyone. A fault that meets no run affects none.
 *
 * <p>Workers look at their step every few milliseconds, and a step that was under way may still end without who was hit; so what
 * counts as next is what is seen {@link #SETTLE_MILLIS} after the fault and goes beyond what was seen before that.
 */
final class Recovery {
    static final long SETTLE_MILLIS = 50;

    private final Map<String, Long> stepsOfRuns;
    private final List<Trace> traces;
    private final Map<String, List<Sight>> byRun = new HashMap<>();

    /**
     * Over the traces of a study.
     *
     * @param stepsOfRuns steps of every run by its id
     */
    Recovery(Map<String, Long> stepsOfRuns, List<Trace> traces) {
        this.stepsOfRuns = Map.copyOf(stepsOfRuns);
        this.traces = List.copyOf(traces);
        for (Trace trace : traces) {
            for (Sight sight : trace.sights()) {
                if (sight.kind().isState() && !sight.run().isEmpty()) {
                    byRun.computeIfAbsent(sight.run(), run -> new ArrayList<>()).add(sight);
                }
            }
        }
        byRun.values().forEach(sights -> sights.sort(Comparator.comparingLong(Sight::atMillis)));
    }

    /** Seconds from a fault to the next step; empty when no run was affected. */
    OptionalDouble seconds(Injected injected) {
        return affected(injected).stream()
                .mapToDouble(run -> secondsOf(run, injected.atMillis()))
                .filter(Double::isFinite)
                .max();
    }

    /** Runs that a fault has met. */
    Set<String> affected(Injected injected) {
        Set<String> runs = new HashSet<>();
        for (Trace trace : traces) {
            boolean hit = !(injected.fault() instanceof Fault.OfWorker one) || one.worker() == trace.worker();
            if (hit) {
                held(trace, injected.atMillis()).ifPresent(runs::add);
            }
        }
        return runs;
    }

    /** The run that a process trains at a time, if it lives then and has told so. */
    private Optional<String> held(Trace trace, long atMillis) {
        boolean replaced = traces.stream()
                .anyMatch(other ->
                        other.worker() == trace.worker() && first(other) > first(trace) && first(other) <= atMillis);
        return replaced
                ? Optional.empty()
                : trace.sights().stream()
                        .filter(s -> s.kind().isState() && s.atMillis() <= atMillis)
                        .reduce((before, after) -> after)
                        .filter(s -> !s.run().isEmpty() && s.step() < stepsOfRuns.getOrDefault(s.run(), 0L))
                        .map(Sight::run);
    }

    private static long first(Trace trace) {
        return trace.sights().isEmpty() ? Long.MAX_VALUE : trace.sights().get(0).atMillis();
    }

    private double secondsOf(String run, long atMillis) {
        return next(run, atMillis)
                .map(sight -> (sight.atMillis() - atMillis) * 1e-3)
                .orElse(Double.NaN);
    }

    /** The first sight of the next step of a run after a fault. */
    Optional<Sight> next(String run, long atMillis) {
        long settled = atMillis + SETTLE_MILLIS;
        Map<Long, Long> reached = new HashMap<>(); // by generation: what is not new any more
        long newest = 0;
        for (Sight sight : byRun.getOrDefault(run, List.of())) {
            boolean before = sight.atMillis() < settled;
            if (before) {
                newest = Math.max(newest, sight.generation());
                reached.merge(sight.generation(), sight.step(), Math::max);
            } else if (sight.kind() == Sight.Kind.START) {
                reached.putIfAbsent(sight.generation(), sight.step());
            } else if (sight.kind() == Sight.Kind.HELD
                    && sight.generation() >= newest
                    && reached.containsKey(sight.generation())
                    && sight.step() > reached.get(sight.generation())) {
                return Optional.of(sight);
            }
        }
        return Optional.empty();
    }
}

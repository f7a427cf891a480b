package org.isofleet.deploy.chaos;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** What was computed more than once. */
final class Work {
    private Work() {}

    /** What a generation of a run began with and came to. */
    private record Span(long from, long to) {
        Span with(Sight sight) {
            return sight.kind() == Sight.Kind.START
                    ? new Span(Math.min(from, sight.step()), Math.max(to, sight.step()))
                    : new Span(from, Math.max(to, sight.step()));
        }
    }

    /** Steps that a run had behind it in one generation and not at the beginning of the next, over all runs. */
    static long lostSteps(List<Trace> traces) {
        Map<String, SortedMap<Long, Span>> runs = new TreeMap<>();
        traces.stream()
                .flatMap(trace -> trace.sights().stream())
                .filter(sight -> sight.kind().isState() && !sight.run().isEmpty())
                .sorted(Comparator.comparing((Sight sight) -> sight.kind() != Sight.Kind.START))
                .forEach(sight -> add(runs.computeIfAbsent(sight.run(), run -> new TreeMap<>()), sight));
        return runs.values().stream().mapToLong(Work::lost).sum();
    }

    /** What is held in a generation that never started is held over from the one before. */
    private static void add(SortedMap<Long, Span> generations, Sight sight) {
        if (sight.kind() == Sight.Kind.START) {
            generations.merge(
                    sight.generation(), new Span(sight.step(), sight.step()), (known, fresh) -> known.with(sight));
        } else {
            generations.computeIfPresent(sight.generation(), (generation, span) -> span.with(sight));
        }
    }

    private static long lost(SortedMap<Long, Span> generations) {
        long lost = 0;
        long reached = 0;
        for (Span span : generations.values()) {
            lost += Math.max(0, reached - span.from());
            reached = span.to();
        }
        return lost;
    }
}

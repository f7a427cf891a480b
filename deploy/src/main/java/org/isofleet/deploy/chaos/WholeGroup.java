package org.isofleet.deploy.chaos;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalLong;

/** When all workers of a fleet train one run together. */
final class WholeGroup {
    private WholeGroup() {}

    /**
     * When the newest process of every worker had made a step in the newest generation; empty while one has not.
     *
     * @param afterMillis unless 0: the death of a worker, which is not back before a process has begun after it
     */
    static OptionalLong since(List<Trace> traces, int workers, long afterMillis) {
        List<Trace> newest = new ArrayList<>();
        for (int worker = 0; worker < workers; worker++) {
            int number = worker;
            traces.stream()
                    .filter(trace -> trace.worker() == number && !trace.sights().isEmpty())
                    .max(Comparator.comparingLong(WholeGroup::began))
                    .ifPresent(newest::add);
        }
        boolean isBack = afterMillis == 0 || newest.stream().anyMatch(trace -> began(trace) > afterMillis);
        if (newest.size() < workers || !isBack) {
            return OptionalLong.empty();
        }
        long generation = newest.stream()
                .flatMap(trace -> trace.sights().stream())
                .mapToLong(Sight::generation)
                .max()
                .orElse(0);
        List<OptionalLong> stepped =
                newest.stream().map(trace -> stepped(trace, generation)).toList();
        return stepped.stream().anyMatch(OptionalLong::isEmpty)
                ? OptionalLong.empty()
                : stepped.stream().mapToLong(OptionalLong::getAsLong).max();
    }

    private static long began(Trace trace) {
        return trace.sights().get(0).atMillis();
    }

    /** When a process had made its first step of a generation. */
    private static OptionalLong stepped(Trace trace, long generation) {
        List<Sight> sights = trace.sights().stream()
                .filter(sight -> sight.generation() == generation)
                .toList();
        OptionalLong start = sights.stream()
                .filter(sight -> sight.kind() == Sight.Kind.START)
                .mapToLong(Sight::step)
                .findFirst();
        return start.isEmpty()
                ? start
                : sights.stream()
                        .filter(sight -> sight.kind() == Sight.Kind.HELD && sight.step() > start.getAsLong())
                        .mapToLong(Sight::atMillis)
                        .findFirst();
    }
}

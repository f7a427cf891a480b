package org.isofleet.deploy.chaos;

import java.util.Comparator;
import java.util.List;

/** How evenly a run went on, as its workers have told. */
final class StepGaps {
    private StepGaps() {}

    /**
     * The longest time between two steps of a run within a span, in seconds. Steps that are computed again are none; the span itself ends the
     * last gap.
     *
     * @param traces of all workers
     */
    static double longestSeconds(List<Trace> traces, String run, long fromMillis, long toMillis) {
        List<Sight> steps = traces.stream()
                .flatMap(trace -> trace.sights().stream())
                .filter(sight -> sight.kind() == Sight.Kind.HELD && sight.run().equals(run))
                .filter(sight -> sight.atMillis() <= toMillis)
                .sorted(Comparator.comparingLong(Sight::atMillis))
                .toList();
        long newest = Long.MIN_VALUE;
        long since = fromMillis;
        long longest = 0;
        for (Sight sight : steps) {
            if (sight.step() > newest) {
                newest = sight.step();
                if (sight.atMillis() >= fromMillis) {
                    longest = Math.max(longest, sight.atMillis() - since);
                }
                since = sight.atMillis();
            }
        }
        return Math.max(longest, toMillis - since) * 1e-3;
    }
}

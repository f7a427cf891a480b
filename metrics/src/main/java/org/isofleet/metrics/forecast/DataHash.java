package org.isofleet.metrics.forecast;

import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.isofleet.metrics.scaling.Observation;

/**
 * SHA-256 of the runs that a forecast rests on. What is hashed is text: a line with the metric and the group, then one line a run, {@code
 * budget,params,tokens,metric} as {@link Double#toString} has them, in the order of the lines as text. So anybody can hash it again, whatever
 * order or file the runs came from.
 */
final class DataHash {
    private DataHash() {}

    static String of(String metric, Map<String, String> group, Iterable<Observation> points) {
        String lines = StreamSupport.stream(points.spliterator(), false)
                .map(p -> p.budgetFlops() + "," + p.params() + "," + p.tokens() + "," + p.metric() + "\n")
                .sorted()
                .collect(Collectors.joining());
        return Sha256.of(metric + " " + new TreeMap<>(group) + "\n" + lines);
    }
}

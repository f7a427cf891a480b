package org.isofleet.metrics.live;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Which results share a curve: those that most runs of a metric and resolution were measured by. Results of another protocol stand in
 * tables, with their protocol, and in no fit and no plot.
 */
public final class CommonProtocol {
    private CommonProtocol() {}

    /** A protocol without the place of its images, whose digest says which they are. */
    public static String comparable(String protocol) {
        return protocol.replaceFirst(": .*:([0-9a-f]{12}) at (\\d+), ", ": $1 at $2, ");
    }

    /** The comparable form that occurs most often, the first of equals in the order of the alphabet; empty for none. */
    public static Optional<String> among(Collection<String> protocols) {
        Map<String, Long> counts = protocols.stream()
                .collect(Collectors.groupingBy(CommonProtocol::comparable, TreeMap::new, Collectors.counting()));
        return counts.entrySet().stream()
                .reduce((a, b) -> b.getValue() > a.getValue() ? b : a)
                .map(Map.Entry::getKey);
    }

    /** The same of the runs of a study that laws rest on, or of all when a law rests on none. */
    public static Optional<String> of(StudyView view, String metric, int resolution) {
        List<RunView> measured = measured(view, metric, resolution);
        List<RunView> fitted =
                measured.stream().filter(run -> run.planned().fitted()).toList();
        return among((fitted.isEmpty() ? measured : fitted)
                .stream().flatMap(run -> run.protocol(metric).stream()).toList());
    }

    /** The runs that share the curve of a metric at a resolution, in the order of the plan. */
    public static List<RunView> runs(StudyView view, String metric, int resolution) {
        Optional<String> common = of(view, metric, resolution);
        return measured(view, metric, resolution).stream()
                .filter(run ->
                        run.protocol(metric).map(CommonProtocol::comparable).equals(common))
                .toList();
    }

    /** How many runs have the metric at a resolution by another protocol. */
    public static int others(StudyView view, String metric, int resolution) {
        return measured(view, metric, resolution).size()
                - runs(view, metric, resolution).size();
    }

    private static List<RunView> measured(StudyView view, String metric, int resolution) {
        return view.runs().stream()
                .filter(run ->
                        run.resolution() == resolution && run.metric(metric).isPresent())
                .toList();
    }
}

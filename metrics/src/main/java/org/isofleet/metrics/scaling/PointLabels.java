package org.isofleet.metrics.scaling;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Remarks on points that do not depend on the method. */
final class PointLabels {
    private PointLabels() {}

    static List<ScalingFit.Label> of(List<Observation> points, List<IsoflopProfile> profiles) {
        List<ScalingFit.Label> labels = new ArrayList<>(duplicates(points));
        for (IsoflopProfile profile : profiles) {
            if (profile.sizes() >= 2 && profile.edge()) {
                profile.rows.get(profile.best()).forEach(row -> labels.add(new ScalingFit.Label(row, "edge minimum")));
            }
        }
        return labels;
    }

    /** The same run twice is most likely a mistake; the same cell with another metric is another seed. */
    private static List<ScalingFit.Label> duplicates(List<Observation> points) {
        List<ScalingFit.Label> labels = new ArrayList<>();
        Map<List<Double>, Observation> cells = new HashMap<>();
        for (Observation point : points) {
            Observation first = cells.putIfAbsent(List.of(point.budgetFlops(), point.params()), point);
            if (first != null) {
                boolean same = first.metric() == point.metric() && first.tokens() == point.tokens();
                labels.add(new ScalingFit.Label(
                        point.label(), (same ? "duplicate of " : "another run of the cell of ") + first.label()));
            }
        }
        return labels;
    }
}

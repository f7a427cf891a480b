package org.isofleet.metrics.scaling;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Remarks on points that do not depend on the method. */
final class PointLabels {
    /** Shorter runs are mostly warm-up and noise of single batches. */
    private static final double LEAST_STEPS = 1000;

    /** More epochs are worth less than new data (Muennighoff et al. 2023, arXiv 2305.16264). */
    private static final double MOST_EPOCHS = 4;

    private static final double HEAD_DOMINATED = 0.5;
    private static final int SIZES_WANTED = 5;

    /** An optimum in this share of the sizes' range at either end stands on few sizes beyond it. */
    private static final double OFF_CENTRE = 0.2;

    private PointLabels() {}

    static List<ScalingFit.Label> of(List<Observation> points, List<IsoflopProfile> profiles) {
        List<ScalingFit.Label> labels = new ArrayList<>(duplicates(points));
        for (IsoflopProfile profile : profiles) {
            if (profile.sizes() >= 2 && profile.edge()) {
                profile.rows.get(profile.best()).forEach(row -> labels.add(new ScalingFit.Label(row, "edge minimum")));
            }
            if (profile.sizes() < SIZES_WANTED) {
                labels.add(new ScalingFit.Label(
                        profile.rows.get(0).get(0), "too few: " + profile.sizes() + " sizes at this budget"));
            }
        }
        points.forEach(point -> ofTraining(point, labels));
        return labels;
    }

    private static void ofTraining(Observation point, List<ScalingFit.Label> labels) {
        Observation.Training training = point.training();
        if (training.headShare() > HEAD_DOMINATED) {
            labels.add(new ScalingFit.Label(point.label(), "head-dominated"));
        }
        if (training.steps() < LEAST_STEPS) {
            labels.add(new ScalingFit.Label(point.label(), "under 1,000 steps"));
        }
        if (training.epochs() > MOST_EPOCHS) {
            labels.add(new ScalingFit.Label(point.label(), "over 4 epochs"));
        }
    }

    /** Budgets whose optimum is inside their sizes, but only just. */
    static List<ScalingFit.Label> offCentre(List<IsoflopProfile> profiles, List<ScalingFit.Optimum> optima) {
        List<ScalingFit.Label> labels = new ArrayList<>();
        for (int i = 0; i < optima.size(); i++) {
            IsoflopProfile profile = profiles.get(i);
            double low = profile.logN[0];
            double share = (Math.log(optima.get(i).params()) - low) / (profile.logN[profile.sizes() - 1] - low);
            if (optima.get(i).used() && (share < OFF_CENTRE || share > 1 - OFF_CENTRE)) {
                labels.add(new ScalingFit.Label(
                        profile.rows.get(profile.best()).get(0),
                        "off-centre: the optimum is near an end of the sizes"));
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

package org.isofleet.metrics.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.isofleet.metrics.live.CommonProtocol;
import org.isofleet.metrics.live.IsoflopProfiles;
import org.isofleet.metrics.live.Narrative;
import org.isofleet.metrics.live.Notation;
import org.isofleet.metrics.live.RunView;
import org.isofleet.metrics.live.StudyView;
import org.isofleet.protocol.metric.EvaluationResult.LinearProbe;

/** What the headline numbers of a study do not tell of themselves, a sentence each. */
final class Caveats {
    /** From this share of a budget's cells on, all missing at the same end of the sizes, its optimum may be where cells were left out. */
    private static final double ONE_SIDED = 0.4;

    private final StudyView view;

    private Caveats(StudyView view) {
        this.view = view;
    }

    /** The sentences that hold for a study; none before anything is measured. */
    static List<String> of(StudyView view) {
        Caveats caveats = new Caveats(view);
        List<String> sentences = new ArrayList<>();
        long measured =
                view.runs().stream().filter(run -> run.loss().isPresent()).count();
        if (measured > 0) {
            sentences.addAll(caveats.seeds());
        }
        if (measured > 1) {
            sentences.add("“Best” is picked among " + measured
                    + " runs by the test images themselves, and so a little better than it would be on fresh ones.");
        }
        for (int resolution : IsoflopProfiles.resolutions(view)) {
            sentences.addAll(caveats.otherProtocols(resolution));
            sentences.addAll(caveats.belowPixels(resolution));
            sentences.addAll(caveats.oneSided(resolution));
        }
        return sentences;
    }

    private List<String> seeds() {
        long seeds =
                view.runs().stream().map(run -> run.spec().seed()).distinct().count();
        return seeds == 1
                ? List.of(
                        "Every cell was trained with one seed: ± of a loss is over test images only, and what another seed"
                                + " would change is not in it.")
                : List.of();
    }

    private List<String> otherProtocols(int resolution) {
        List<String> sentences = new ArrayList<>();
        for (Metric metric : Metric.values()) {
            int others = CommonProtocol.others(view, metric.key, resolution);
            if (others > 0) {
                sentences.add(metric.title + SummarySection.at(resolution) + ": "
                        + Narrative.some(others, "result")
                        + " by another protocol than the most; in the table of runs, and on no curve.");
            }
        }
        return sentences;
    }

    private List<String> belowPixels(int resolution) {
        List<RunView> probed = CommonProtocol.runs(view, Metric.TOP1.key, resolution);
        double best = probed.stream()
                .flatMapToDouble(run -> run.top1().stream())
                .max()
                .orElse(Double.NaN);
        double pixels = probed.stream()
                .flatMap(run -> run.result(LinearProbe.class).stream())
                .mapToDouble(LinearProbe::rawPixels)
                .average()
                .orElse(Double.NaN);
        return best < pixels
                ? List.of("The best linear probe" + SummarySection.at(resolution) + ", " + Metric.TOP1.show(best)
                        + ", lies below one on raw pixels, " + Metric.TOP1.show(pixels)
                        + ": no model of this study has learned features that beat its input.")
                : List.of();
    }

    /** Budgets that miss many sizes beyond their largest or smallest fitted model. */
    private List<String> oneSided(int resolution) {
        TreeMap<Double, List<Double>> fitted = new TreeMap<>();
        TreeMap<Double, List<Double>> missing = new TreeMap<>();
        for (RunView run : runs(resolution)) {
            var sizes = run.planned().fitted() ? fitted : missing;
            add(sizes, run.budgetFlops(), run.params());
        }
        view.plan()
                .ifPresent(plan -> plan.leftOut().stream()
                        .filter(cell -> cell.resolution() == resolution)
                        .forEach(cell -> add(missing, cell.budgetFlops(), cell.params())));
        List<String> places = new ArrayList<>();
        fitted.forEach((budget, sizes) -> {
            List<Double> left = missing.getOrDefault(budget, List.of());
            int cells = sizes.size() + left.size();
            double largest = sizes.stream().mapToDouble(n -> n).max().orElseThrow();
            double smallest = sizes.stream().mapToDouble(n -> n).min().orElseThrow();
            long above = left.stream().filter(n -> n > largest).count();
            long below = left.stream().filter(n -> n < smallest).count();
            String at = "at " + Notation.flops(budget) + " ";
            if (above >= ONE_SIDED * cells) {
                places.add(at + above + " of " + cells + " cells, all with N above " + Notation.count(largest));
            }
            if (below >= ONE_SIDED * cells) {
                places.add(at + below + " of " + cells + " cells, all with N below " + Notation.count(smallest));
            }
        });
        return places.isEmpty()
                ? List.of()
                : List.of("Left out of the fits on one side" + SummarySection.at(resolution) + ": "
                        + String.join("; ", places) + ". An optimum there has little to hold it from that side.");
    }

    private static void add(Map<Double, List<Double>> sizes, double budget, double params) {
        List<Double> known = sizes.computeIfAbsent(budget, b -> new ArrayList<>());
        if (!known.contains(params)) { // several seeds are one cell
            known.add(params);
        }
    }

    private List<RunView> runs(int resolution) {
        return view.runs().stream()
                .filter(run -> run.resolution() == resolution)
                .toList();
    }
}

package org.isofleet.coordinator.plan;

import static org.isofleet.protocol.study.Requirement.require;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.isofleet.metrics.adaptive.AdaptiveRules;
import org.isofleet.protocol.study.AdaptivePlan;
import org.isofleet.protocol.study.Budget;
import org.isofleet.protocol.study.CanonicalText;
import org.isofleet.protocol.study.ImageSetRef;
import org.isofleet.protocol.study.ModelShape;
import org.isofleet.protocol.study.ModelSize;
import org.isofleet.protocol.study.PlannedRun;
import org.isofleet.protocol.study.StudyPlan;
import org.isofleet.protocol.study.StudySpec;

/**
 * The plan of a study that adapts itself, from the grid of its file: the runs of the lowest budgets, and as candidates those above and every
 * other size of the model family that is near enough to the sizes of the file. All are planned alike, steps, batch and rate too, so that a
 * decision is a choice among runs whose ids are known.
 */
final class AdaptiveSplit {
    private final StudySpec study;
    private final TuningRule rule;
    private final List<PlannedRun> pilot = new ArrayList<>();
    private final List<PlannedRun> planned = new ArrayList<>();
    private final List<PlannedRun> further = new ArrayList<>();

    private AdaptiveSplit(StudySpec study, TuningRule rule) {
        this.study = study;
        this.rule = rule;
    }

    /** @throws org.isofleet.protocol.study.InvalidSpecException when there are too few budgets to learn from and to decide about */
    static StudyPlan of(StudyPlan grid, StudySpec study, Map<Integer, ImageSetRef> images, TuningRule rule) {
        AdaptiveSplit split = new AdaptiveSplit(study, rule);
        study.images()
                .resolutions()
                .forEach(resolution ->
                        split.resolution(grid, Objects.requireNonNull(images.get(resolution)), resolution));
        AdaptivePlan adaptive = new AdaptivePlan(split.planned, split.further);
        List<String> ids =
                adaptive.candidates().map(run -> run.spec().id().value()).toList();
        return new StudyPlan(
                CanonicalText.sha256(grid.studyId() + " adaptive " + ids).substring(0, 16),
                grid.name(),
                split.pilot,
                grid.leftOut(),
                grid.evaluation(),
                grid.policy(),
                grid.choices(),
                adaptive);
    }

    private void resolution(StudyPlan grid, ImageSetRef images, int resolution) {
        List<PlannedRun> runs = grid.runs().stream()
                .filter(run -> run.spec().shape().resolution() == resolution)
                .toList();
        TreeSet<Double> budgets = new TreeSet<>(runs.stream()
                .filter(PlannedRun::fitted)
                .map(run -> run.spec().budget().flops())
                .toList());
        require(
                budgets.size() > AdaptiveRules.PILOT_BUDGETS,
                "adaptive = on needs %d budgets or more with cells that laws may rest on, not %d at %d pixels: the lowest %d are trained as"
                        + " they stand; add budgets, or leave it off",
                AdaptiveRules.PILOT_BUDGETS + 1,
                budgets.size(),
                resolution,
                AdaptiveRules.PILOT_BUDGETS);
        double last = budgets.stream()
                .skip(AdaptiveRules.PILOT_BUDGETS - 1)
                .findFirst()
                .orElseThrow();
        runs.forEach(run -> (run.spec().budget().flops() <= last ? pilot : planned).add(run));
        further(runs, images, budgets);
    }

    private void further(List<PlannedRun> runs, ImageSetRef images, Set<Double> budgets) {
        double[] sizes = runs.stream()
                .filter(PlannedRun::fitted)
                .mapToDouble(run -> run.spec().shape().params())
                .sorted()
                .toArray();
        Set<Long> known = new HashSet<>(
                runs.stream().map(run -> run.spec().shape().params()).toList());
        int resolution = runs.get(0).spec().shape().resolution();
        List<PlannedRun> found = new ArrayList<>();
        for (ModelSize size : ModelFamily.sizes()) {
            ModelShape shape = size.shape(study.images(), resolution);
            if (shape.params() >= sizes[0] / AdaptiveRules.REACH
                    && shape.params() <= sizes[sizes.length - 1] * AdaptiveRules.REACH
                    && known.add(shape.params())) {
                budgets.forEach(budget -> found.addAll(Planner.cell(study, rule, images, new Budget(budget), shape)));
            }
        }
        found.stream()
                .filter(PlannedRun::fitted)
                .sorted(Comparator.comparingDouble(
                                (PlannedRun run) -> run.spec().exactFlops())
                        .thenComparing(run -> run.spec().id()))
                .forEach(further::add);
    }
}

package org.isofleet.coordinator.plan;

import static org.isofleet.protocol.study.Requirement.require;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.isofleet.protocol.study.Budget;
import org.isofleet.protocol.study.CanonicalText;
import org.isofleet.protocol.study.EvaluationSpec;
import org.isofleet.protocol.study.ImageSetRef;
import org.isofleet.protocol.study.InvalidSpecException;
import org.isofleet.protocol.study.LeftOutCell;
import org.isofleet.protocol.study.MemoryEstimate;
import org.isofleet.protocol.study.ModelShape;
import org.isofleet.protocol.study.ModelSize;
import org.isofleet.protocol.study.PlannedRun;
import org.isofleet.protocol.study.RunSpec;
import org.isofleet.protocol.study.StudyLimits;
import org.isofleet.protocol.study.StudyPlan;
import org.isofleet.protocol.study.StudySpec;
import org.jspecify.annotations.Nullable;

/**
 * Lays the IsoFLOP grid: resolutions x budgets x sizes x seeds, and some of its cells with further seeds.
 *
 * <p>A cell of budget C and N parameters gets D = C / 6N tokens, as whole steps: round(D / (batch x pixels)), so 6 N D differs from C by
 * at most half a step. The batch comes from the study's rule and is halved, not below its minimum, until the run reaches the steps that
 * a fit wants: at a fixed budget, a small run that takes few large steps is far worse than one that takes many small ones.
 * Everything else of a cell is a function of N, batch and steps.
 *
 * <p>Cells that make no sense are listed with the first reason that holds. The same study, images and rule give the same plan.
 */
public final class Planner {
    private final StudySpec study;
    private final TuningRule rule;
    private final List<PlannedRun> runs = new ArrayList<>();
    private final List<LeftOutCell> leftOut = new ArrayList<>();

    private Planner(StudySpec study, TuningRule rule) {
        this.study = study;
        this.rule = rule;
    }

    /**
     * The plan of a study.
     *
     * @param images the image set of every resolution
     * @param rule where learning rates come from: of the study file, or of the tuning that it cites
     * @throws org.isofleet.protocol.study.InvalidSpecException when no cell is left
     */
    public static StudyPlan plan(StudySpec study, Map<Integer, ImageSetRef> images, TuningRule rule) {
        Planner planner = new Planner(study, rule);
        List<ModelSize> sizes = new ModelLadder(study.images()).sizes(study.models());
        for (int resolution : study.images().resolutions()) {
            ImageSetRef set = images.get(resolution);
            if (set == null) {
                throw new InvalidSpecException(text(
                        "there are no images of %d pixels in %s",
                        resolution, study.images().location()));
            }
            int before = planner.runs.size();
            for (Budget budget : study.budgets()) {
                for (ModelSize size : sizes) {
                    planner.cell(set, budget, size.shape(study.images(), resolution));
                }
            }
            planner.repeat(set, List.copyOf(planner.runs.subList(before, planner.runs.size())));
        }
        StudyPlan plan = planner.finish(images);
        return study.adaptive() ? AdaptiveSplit.of(plan, study, images, rule) : plan;
    }

    /** The runs of one cell, with every seed; none when it makes no sense. */
    static List<PlannedRun> cell(
            StudySpec study, TuningRule rule, ImageSetRef images, Budget budget, ModelShape shape) {
        Planner planner = new Planner(study, rule);
        planner.cell(images, budget, shape);
        return planner.runs;
    }

    private void cell(ImageSetRef images, Budget budget, ModelShape shape) {
        int batch = batch(budget, shape);
        long steps = CellSpecs.steps(budget, shape, batch);
        String senseless = senseless(images, budget, shape, batch, steps);
        if (senseless != null) {
            leaveOut(budget, shape, senseless);
            return;
        }
        String unfitted = unfitted(shape, steps);
        if (unfitted != null && !study.limits().trainUnfitted()) {
            leaveOut(budget, shape, unfitted + "; limits.train-unfitted = true trains it all the same");
            return;
        }
        for (long seed : study.seeds()) {
            RunSpec spec = spec(images, budget, shape, batch, seed);
            long memory = MemoryEstimate.workerBytes(spec, 1);
            if (memory > study.limits().memoryBytes()) {
                leaveOut(budget, shape, memoryReason(memory));
                return;
            }
            runs.add(new PlannedRun(spec, unfitted == null, unfitted, memory));
        }
    }

    private RunSpec spec(ImageSetRef images, Budget budget, ModelShape shape, int batch, long seed) {
        double rate = rule.learningRate((double) shape.params(), batch);
        return CellSpecs.spec(study, images, budget, shape, batch, seed, rate, rule.beta2());
    }

    /** The cells of one resolution that are trained with further seeds: budgets evenly from the first, the middle size of each. */
    private void repeat(ImageSetRef images, List<PlannedRun> grid) {
        List<List<PlannedRun>> budgets = List.copyOf(grid.stream()
                .filter(run ->
                        run.fitted() && run.spec().seed() == study.seeds().get(0))
                .collect(Collectors.groupingBy(run -> run.spec().budget(), TreeMap::new, Collectors.toList()))
                .values());
        int cells = Math.min(study.repeats().cells(), budgets.size());
        for (int i = 0; i < cells; i++) {
            int at = cells == 1 ? budgets.size() / 2 : Math.round((float) i * (budgets.size() - 1) / (cells - 1));
            List<PlannedRun> bySize = budgets.get(at).stream()
                    .sorted(Comparator.comparing(run -> run.spec().shape().params()))
                    .toList();
            PlannedRun middle = bySize.get(bySize.size() / 2);
            RunSpec cell = middle.spec();
            for (long seed : study.repeats().seeds()) {
                RunSpec again = spec(images, cell.budget(), cell.shape(), cell.batch(), seed);
                runs.add(new PlannedRun(again, true, null, middle.peakMemoryBytes()));
            }
        }
    }

    /** The batch by the study's rule, halved until the run reaches the steps of a fit. */
    private int batch(Budget budget, ModelShape shape) {
        int batch = study.batch().images((double) shape.params(), shape.tokens());
        int least = Math.max(study.batch().minimum(), study.virtualShards());
        while (batch % 2 == 0
                && batch / 2 >= least
                && CellSpecs.steps(budget, shape, batch) < study.limits().fitMinSteps()) {
            batch /= 2;
        }
        return batch;
    }

    private @Nullable String senseless(ImageSetRef images, Budget budget, ModelShape shape, int batch, long steps) {
        StudyLimits limits = study.limits();
        double tokensPerParam = budget.tokensFor(shape) / shape.params();
        double epochs = (double) steps * batch / images.trainImages();
        if (tokensPerParam < limits.minTokensPerParam()) {
            return text(
                    "%.0f tokens per parameter, below min-tokens-per-param %.0f",
                    tokensPerParam, limits.minTokensPerParam());
        }
        if (tokensPerParam > limits.maxTokensPerParam()) {
            return text(
                    "%.0f tokens per parameter, above max-tokens-per-param %.0f",
                    tokensPerParam, limits.maxTokensPerParam());
        }
        if (steps < limits.minSteps()) {
            return text("%d steps at batch %d, below min-steps %d", steps, batch, limits.minSteps());
        }
        if (epochs > limits.maxEpochs()) {
            return text("%.1f epochs, above max-epochs %.1f", epochs, limits.maxEpochs());
        }
        if (batch % CellSpecs.virtualShards(study, shape, batch) != 0) {
            return text(
                    "batch %d is no multiple of %d virtual shards",
                    batch, CellSpecs.virtualShards(study, shape, batch));
        }
        return null;
    }

    private @Nullable String unfitted(ModelShape shape, long steps) {
        if (steps < study.limits().fitMinSteps()) {
            return text(
                    "%d steps, below fit-min-steps %d", steps, study.limits().fitMinSteps());
        }
        if (shape.headDominated() && !study.limits().fitHeadDominated()) {
            return text("head-dominated (%.0f %% of N)", 100.0 * shape.headParams() / shape.params());
        }
        return null;
    }

    private void leaveOut(Budget budget, ModelShape shape, String reason) {
        leftOut.add(new LeftOutCell(
                budget.flops(), shape.resolution(), shape.layers(), shape.width(), (double) shape.params(), reason));
    }

    private StudyPlan finish(Map<Integer, ImageSetRef> images) {
        if (runs.isEmpty()) {
            LeftOutCell first = leftOut.get(0);
            require(
                    false,
                    "study '%s': all %d cells are left out; the first (%dx%d at %.3g FLOPs) has %s; change budgets, models or limits",
                    study.name(),
                    leftOut.size(),
                    first.layers(),
                    first.width(),
                    first.budgetFlops(),
                    first.reason());
        }
        runs.sort(Comparator.comparingDouble((PlannedRun run) -> run.spec().exactFlops())
                .thenComparing(run -> run.spec().id()));
        return new StudyPlan(
                identity(study.evaluation()),
                study.name(),
                runs,
                leftOut,
                study.evaluation(),
                study.policy(),
                StudyChoices.of(study, images, rule));
    }

    private String identity(EvaluationSpec evaluation) {
        List<String> ids = runs.stream().map(run -> run.spec().id().value()).toList();
        return CanonicalText.sha256(evaluation.identity() + ids).substring(0, 16);
    }

    private String memoryReason(long bytes) {
        return text(
                "about %.1f GiB of memory, above limits.memory %.1f GiB",
                bytes / 0x1p30, study.limits().memoryBytes() / 0x1p30);
    }

    private static String text(String format, Object... arguments) {
        return String.format(Locale.ROOT, format, arguments);
    }
}

package org.isofleet.protocol.study;

import static org.isofleet.protocol.study.Requirement.require;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a study asks for: the study file as a value. The planner makes a {@link StudyPlan} of it.
 *
 * @param name what the user calls it
 * @param images what models are trained on
 * @param budgets ascending
 * @param models sizes at every budget
 * @param batch images of a step
 * @param virtualShards V of every cell; {@link #AUTO_SHARDS} lets the planner choose
 * @param optimizer AdamW's settings and where the rate comes from
 * @param schedule of the learning rate
 * @param seeds of initialisation and sample order; every cell is trained with each
 * @param repeats cells that are trained with further seeds
 * @param limits which cells make sense
 * @param engine {@code dl4j} or {@code torch}
 * @param precision {@code fp32} or {@code bf16}
 * @param checkpointEvery steps between scheduled checkpoints
 * @param exact whether the promise of equal bits is kept
 * @param adaptive whether it chooses the cells above the lowest budgets itself, by what the first have shown
 * @param evaluation metrics of every finished run
 * @param policy staffing and retries
 * @param throughput what hours and cost are estimated from
 * @param tune what {@code isofleet tune} trains; null when the study says nothing of it
 */
public record StudySpec(
        String name,
        ImageSelection images,
        List<Budget> budgets,
        ModelChoice models,
        BatchRule batch,
        int virtualShards,
        OptimizerRule optimizer,
        ScheduleRule schedule,
        List<Long> seeds,
        Repeats repeats,
        StudyLimits limits,
        String engine,
        String precision,
        long checkpointEvery,
        boolean exact,
        boolean adaptive,
        EvaluationSpec evaluation,
        RunPolicy policy,
        ThroughputEstimate throughput,
        @Nullable TuningGrid tune) {
    /** The value of {@code virtualShards} by which the planner chooses V. */
    public static final int AUTO_SHARDS = 0;

    public StudySpec {
        budgets = budgets.stream().sorted().toList();
        seeds = List.copyOf(seeds);
        require(!name.isBlank(), "a study needs a name");
        require(
                !name.contains("/")
                        && !name.contains("\\")
                        && !name.equals(".")
                        && !name.equals("..")
                        && name.chars().noneMatch(Character::isISOControl),
                "name '%s' is no name of a folder; write one without / and \\ that is not . or ..",
                name.replaceAll("\\p{Cntrl}", " "));
        require(!budgets.isEmpty(), "budgets must name at least one budget, as [2e10, 4e10]");
        require(budgets.stream().distinct().count() == budgets.size(), "each budget may be named once: %s", budgets);
        require(
                virtualShards == AUTO_SHARDS || (virtualShards > 0 && Integer.bitCount(virtualShards) == 1),
                "virtual-shards must be auto or a power of two, not %d",
                virtualShards);
        require(!seeds.isEmpty(), "a study needs at least one seed");
        require(seeds.stream().distinct().count() == seeds.size(), "each seed may be named once: %s", seeds);
        for (long seed : repeats.seeds()) {
            require(
                    !seeds.contains(seed),
                    "repeats.seeds names seed %d, with which every cell is trained already",
                    seed);
        }
        require(engine.equals("dl4j") || engine.equals("torch"), "engine must be dl4j or torch, not '%s'", engine);
        require(
                precision.equals("fp32") || precision.equals("bf16"),
                "precision must be fp32 or bf16, not '%s'",
                precision);
        require(
                !adaptive || evaluation.kinds().contains(EvaluationKind.HELD_OUT_LOSS),
                "adaptive = on decides by the held-out loss; add held-out-loss to evaluation.kinds");
        require(checkpointEvery >= 1, "checkpoint-every must be at least 1 step, not %d", checkpointEvery);
    }

    /** The same with another evaluation. */
    public StudySpec with(EvaluationSpec other) {
        return new StudySpec(
                name,
                images,
                budgets,
                models,
                batch,
                virtualShards,
                optimizer,
                schedule,
                seeds,
                repeats,
                limits,
                engine,
                precision,
                checkpointEvery,
                exact,
                adaptive,
                other,
                policy,
                throughput,
                tune);
    }
}

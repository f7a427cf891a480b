package org.isofleet.deploy.study;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.util.List;
import org.isofleet.protocol.study.LeftOutCell;
import org.isofleet.protocol.study.PlannedRun;
import org.isofleet.protocol.study.RunSpec;
import org.isofleet.protocol.study.StudyPlan;
import org.isofleet.protocol.study.StudySpec;
import org.jspecify.annotations.Nullable;

/** What {@code isofleet plan --json} prints: {@code plan/1}; {@code gpus} only where they were asked for. */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record PlanReport(
        String schema,
        String studyId,
        String name,
        List<Double> budgets,
        List<Run> runs,
        List<LeftOut> leftOut,
        Totals totals,
        List<String> choices,
        @Nullable List<Gpu> gpus) {
    /** A cell that will be trained; {@code seconds} is estimated. */
    @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Run(
            String id,
            int resolution,
            double budgetFlops,
            long params,
            long tokens,
            long images,
            long steps,
            int batch,
            int virtualShards,
            int layers,
            int width,
            int heads,
            @JsonProperty("flops_6nd") double flops6nd,
            double flopsExact,
            double learningRate,
            double beta2,
            long warmupSteps,
            String schedule,
            double epochs,
            long seed,
            boolean fitted,
            @Nullable String label,
            double seconds,
            long peakMemoryBytes) {}

    /** A cell that will not be trained. */
    @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
    public record LeftOut(String reason, int resolution, double budgetFlops, int layers, int width, double params) {}

    /**
     * Sums over the runs.
     *
     * @param flops as 6 N D
     * @param hours of workers, estimated
     * @param wallHours of one group of workers that trains run after run, estimated
     * @param cost of the workers' hours
     */
    @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
    public record Totals(
            int runs,
            double flops,
            double flopsExact,
            double hours,
            double wallHours,
            double cost,
            double assumedFlopsPerSecond,
            double assumedStepOverheadSeconds,
            int assumedWorkers) {}

    /**
     * What the plan would take on one kind of GPU.
     *
     * @param hours of one such GPU, estimated
     * @param assumedUtilisation share of the peak, attention counted
     * @param cost in US dollars
     * @param runsTooLarge whose memory is estimated above that of one such GPU
     */
    @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
    public record Gpu(
            String name,
            double peakFlops,
            long memoryBytes,
            double assumedUtilisation,
            double hours,
            double dollarsPerHour,
            double cost,
            int runsTooLarge) {
        static Gpu of(GpuKind kind, StudyPlan plan, double utilisation) {
            double hours = kind.hours(plan, utilisation);
            return new Gpu(
                    kind.name(),
                    kind.peakFlops(),
                    kind.memoryBytes(),
                    utilisation,
                    hours,
                    kind.dollarsPerHour(),
                    hours * kind.dollarsPerHour(),
                    kind.tooLarge(plan));
        }
    }

    /** The report of a plan. */
    public static PlanReport of(StudySpec study, StudyPlan plan) {
        return new PlanReport(
                "plan/1",
                plan.studyId(),
                plan.name(),
                study.budgets().stream().map(budget -> budget.flops()).toList(),
                plan.grid().stream().map(run -> run(study, run)).toList(),
                plan.leftOut().stream().map(PlanReport::leftOut).toList(),
                totals(study, plan),
                plan.choices(),
                null);
    }

    /**
     * The same report with what the plan would take on GPUs.
     *
     * @param utilisation share of their peak that training is supposed to reach
     */
    public PlanReport on(List<GpuKind> kinds, StudyPlan plan, double utilisation) {
        List<Gpu> rows =
                kinds.stream().map(kind -> Gpu.of(kind, plan, utilisation)).toList();
        return new PlanReport(schema, studyId, name, budgets, runs, leftOut, totals, choices, rows);
    }

    /** The plan as a table for a terminal. */
    public List<String> table() {
        return PlanTable.of(this);
    }

    private static Run run(StudySpec study, PlannedRun planned) {
        RunSpec spec = planned.spec();
        return new Run(
                spec.id().value(),
                spec.shape().resolution(),
                spec.budget().flops(),
                spec.shape().params(),
                spec.tokensSeen(),
                spec.imagesSeen(),
                spec.steps(),
                spec.batch(),
                spec.virtualShards(),
                spec.shape().layers(),
                spec.shape().width(),
                spec.shape().heads(),
                spec.flops6nd(),
                spec.exactFlops(),
                spec.optimizer().learningRate(),
                spec.optimizer().beta2(),
                spec.schedule().warmupSteps(),
                spec.schedule().shape().name().toLowerCase(java.util.Locale.ROOT),
                spec.epochs(),
                spec.seed(),
                planned.fitted(),
                planned.label(),
                seconds(study, spec),
                planned.peakMemoryBytes());
    }

    private static LeftOut leftOut(LeftOutCell cell) {
        return new LeftOut(
                cell.reason(), cell.resolution(), cell.budgetFlops(), cell.layers(), cell.width(), cell.params());
    }

    private static Totals totals(StudySpec study, StudyPlan plan) {
        double flops = 0;
        double exact = 0;
        double wallSeconds = 0;
        double workerSeconds = 0;
        for (PlannedRun run : plan.grid()) {
            double seconds = seconds(study, run.spec());
            flops += run.spec().flops6nd();
            exact += run.spec().exactFlops();
            wallSeconds += seconds;
            workerSeconds += seconds * workers(study, run.spec());
        }
        return new Totals(
                plan.grid().size(),
                flops,
                exact,
                workerSeconds / 3600,
                wallSeconds / 3600,
                workerSeconds / 3600 * study.policy().costPerWorkerHour(),
                study.throughput().flopsPerSecond(),
                study.throughput().stepOverhead().toNanos() * 1e-9,
                study.policy().workersPerRun());
    }

    private static double seconds(StudySpec study, RunSpec spec) {
        return study.throughput().seconds(spec, workers(study, spec));
    }

    private static int workers(StudySpec study, RunSpec spec) {
        return Math.min(study.policy().workersPerRun(), spec.virtualShards());
    }
}

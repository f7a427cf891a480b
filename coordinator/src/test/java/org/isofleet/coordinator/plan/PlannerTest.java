package org.isofleet.coordinator.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Scale;
import org.isofleet.protocol.study.ImageSetRef;
import org.isofleet.protocol.study.InvalidSpecException;
import org.isofleet.protocol.study.LeftOutCell;
import org.isofleet.protocol.study.PlannedRun;
import org.isofleet.protocol.study.RunSpec;
import org.isofleet.protocol.study.StudyPlan;
import org.isofleet.protocol.study.StudySpec;
import org.junit.jupiter.api.Test;

class PlannerTest {
    private static final TuningRule RULE = new TuningRule(0.5, -0.5, 0.5, 0.99, "test");
    private static final String WIDE =
            "images.levels = 256\nbudgets = [1e12]\nmodels = [2x8, 2x40]\nlimits.max-epochs = 100";
    private static final String BASE = """
            name = test
            images.levels = 32
            budgets { from = 2e10, to = 1.6e11, count = 4 }
            models = ["2x8", "2x12", "2x16", "2x20", "2x24"]
            batch { min = 2, max = 4 }
            limits.max-epochs = 12
            """;

    /** Every planned cell keeps its budget, its limits and its batch; none is lost. */
    @Property(tries = 300)
    void everyCell_isPlannedWithinItsLimitsOrLeftOutWithAReason(
            @ForAll @DoubleRange(min = 9, max = 13) @Scale(3) double logBudget,
            @ForAll @IntRange(min = 1, max = 5) int budgets,
            @ForAll @IntRange(min = 1, max = 9) int sizes,
            @ForAll @IntRange(min = 0, max = 6) int batchPower,
            @ForAll @DoubleRange(min = 0.5, max = 50) double maxEpochs,
            @ForAll boolean trainUnfitted) {
        int batch = 1 << batchPower;
        StudySpec study = parse(BASE
                + """
                budgets { from = %s, to = %s, count = %d }
                models { from = 1k, to = 60k, count = %d }
                batch { tokens-coefficient = %d, tokens-exponent = 0, min = 1, max = %d }
                limits { max-epochs = %s, train-unfitted = %s }
                """.formatted(
                                Math.pow(10, logBudget),
                                Math.pow(10, logBudget + 1),
                                budgets + 1,
                                sizes,
                                batch * 256,
                                batch,
                                maxEpochs,
                                trainUnfitted));
        StudyPlan plan;
        try {
            plan = Planner.plan(study, images(5000), RULE);
        } catch (InvalidSpecException e) {
            assertThat(e).hasMessageContaining("left out");
            return;
        }
        int ladder = new ModelLadder(study.images()).sizes(study.models()).size();
        assertThat(plan.runs().size() + plan.leftOut().size()).isEqualTo(ladder * (budgets + 1));
        assertThat(plan.leftOut()).noneMatch(cell -> cell.reason().isBlank());
        for (PlannedRun run : plan.runs()) {
            RunSpec spec = run.spec();
            double halfAStep = 0.5 / spec.steps();
            assertThat(spec.flops6nd() / spec.budget().flops() - 1).isBetween(-halfAStep * 1.01, halfAStep * 1.01);
            assertThat(spec.steps()).isGreaterThanOrEqualTo(200);
            assertThat(spec.epochs()).isLessThanOrEqualTo(maxEpochs);
            assertThat(Integer.bitCount(spec.virtualShards())).isEqualTo(1);
            assertThat(spec.batch() % spec.virtualShards()).isZero();
            assertThat(spec.batch()).isBetween(1, batch);
            assertThat(run.fitted()).isEqualTo(run.label() == null);
            assertThat(run.fitted() || trainUnfitted).isTrue();
            assertThat(!run.fitted() || spec.steps() >= 1000).isTrue();
        }
    }

    /** A shard of torch goes through the model at once, so it is kept small; one of dl4j goes image by image. */
    @Test
    void autoShards_keepWhatTorchComputesAtOnceSmall() {
        String large = BASE + "images.resolutions = [%d]\nbatch = %d\nbudgets = [1e14]\nlimits.max-epochs = 1e9\n";
        assertThat(shards(large.formatted(16, 4) + "engine = torch")).isEqualTo(4);
        assertThat(shards(large.formatted(16, 64) + "engine = torch")).isEqualTo(8);
        assertThat(shards(large.formatted(32, 64) + "engine = torch")).isEqualTo(8);
        assertThat(shards(large.formatted(32, 256) + "engine = torch")).isEqualTo(32);
        assertThat(shards(large.formatted(32, 256))).isEqualTo(32);
        assertThat(shards(large.formatted(32, 8))).isEqualTo(8);
    }

    private static int shards(String study) {
        StudySpec spec = parse(study);
        int resolution = spec.images().resolutions().get(0);
        ImageSetRef images = new ImageSetRef("embedded:noto", "ab".repeat(32), 5000);
        return Planner.plan(spec, Map.of(resolution, images), RULE)
                .runs()
                .get(0)
                .spec()
                .virtualShards();
    }

    @Property(tries = 100)
    void learningRate_followsItsRuleToThreeDigits(
            @ForAll @DoubleRange(min = 500, max = 4.5e8) double params,
            @ForAll @IntRange(min = 1, max = 4096) int batch) {
        double exact = 0.5 * Math.pow(params, -0.5) * Math.sqrt(batch);
        assertThat(RULE.learningRate(params, batch) / exact).isBetween(0.994, 1.006);
    }

    @Test
    void plan_isCheapestFirst_andTheSameEachTime() {
        StudyPlan plan = plan(BASE);
        assertThat(plan.runs())
                .isSortedAccordingTo(
                        (a, b) -> Double.compare(a.spec().exactFlops(), b.spec().exactFlops()));
        assertThat(plan(BASE)).isEqualTo(plan);
        assertThat(plan(BASE + "seeds = [2]").studyId()).isNotEqualTo(plan.studyId());
        assertThat(plan(BASE + "evaluation.seed = 2").studyId()).isNotEqualTo(plan.studyId());
        assertThat(plan(BASE + "workers.attempts = 9").studyId()).isEqualTo(plan.studyId());
    }

    @Test
    void plan_givesEverySeedARun() {
        assertThat(plan(BASE + "seeds = [1, 2, 3]").runs())
                .hasSize(3 * plan(BASE).runs().size());
    }

    @Test
    void repeats_areOfTheMiddleSizeAtBudgetsThatSpanTheLadder() {
        StudyPlan once = plan(BASE);
        StudyPlan plan = plan(BASE + "repeats { seeds = [7, 8], cells = 3 }");
        List<PlannedRun> repeated =
                plan.runs().stream().filter(run -> run.spec().seed() != 1).toList();
        assertThat(plan.runs()).containsAll(once.runs()).hasSize(once.runs().size() + 6);
        assertThat(repeated.stream().map(run -> run.spec().budget().flops()).distinct())
                .containsExactly(2e10, 8e10, 1.6e11);
        for (PlannedRun run : repeated) {
            List<Long> fitted = once.runs().stream()
                    .filter(other -> other.spec().budget().equals(run.spec().budget()) && other.fitted())
                    .map(other -> other.spec().shape().params())
                    .sorted()
                    .toList();
            assertThat(run.spec().shape().params()).isEqualTo(fitted.get(fitted.size() / 2));
            assertThat(run.fitted()).isTrue();
        }
    }

    @Test
    void repeats_areOfEachResolution_andOfNoMoreBudgetsThanThereAre() {
        StudySpec study = parse(BASE + """
                images.resolutions = [16, 32]
                budgets = [8e10]
                repeats { seeds = [2], cells = 5 }
                """);
        ImageSetRef set = new ImageSetRef("embedded:noto", "ab".repeat(32), 5000);
        assertThat(Planner.plan(study, Map.of(16, set, 32, set), RULE).runs())
                .filteredOn(run -> run.spec().seed() == 2)
                .extracting(run -> run.spec().shape().resolution())
                .containsExactlyInAnyOrder(16, 32);
    }

    @Test
    void batch_isHalvedUntilTheRunHasTheStepsOfAFit() {
        RunSpec spec = run(plan(BASE + "batch { tokens-coefficient = 2048, tokens-exponent = 0, max = 8 }"), 4608);
        assertThat(spec.budget().flops()).isEqualTo(2e10);
        assertThat(spec.batch()).isEqualTo(2); // 8 would give 353 steps, 4 gives 706
    }

    @Test
    void warmUp_growsWithTheModelWithinItsBounds() {
        StudySpec study =
                parse(BASE + "schedule.warm-up { tokens-per-param = 50, min-steps = 10, max-fraction = 0.1 }");
        assertThat(study.schedule().schedule(10_240, 10_000, 512).warmupSteps()).isEqualTo(1000);
        assertThat(study.schedule().schedule(10_240, 5_000, 512).warmupSteps()).isEqualTo(500);
        assertThat(study.schedule().schedule(10, 5_000, 512).warmupSteps()).isEqualTo(10);
    }

    @Test
    void leftOutCells_nameTheirReason() {
        assertThat(reasons("limits.max-epochs = 4")).anyMatch(r -> r.matches("8.5 epochs, above max-epochs 4.0"));
        assertThat(
                        reasons(
                                "limits.memory = 300 MiB\nmodels = [\"2x8\", \"24x1024\"]\nlimits.min-steps = 1\nlimits.fit-min-steps = 1\nbudgets = [1e14, 2e10]\nlimits.max-epochs = 1e5"))
                .anyMatch(r -> r.matches("about .* GiB of memory, above limits.memory 0.3 GiB"));
        assertThat(reasons("models = [\"2x8\", \"2x64\"]")).anyMatch(r -> r.contains("below min-steps 200"));
        assertThat(reasons(WIDE)).anyMatch(r -> r.startsWith("head-dominated (83 % of N)"));
        assertThat(reasons("limits.max-tokens-per-param = 500"))
                .anyMatch(r -> r.contains("above max-tokens-per-param 500"));
        assertThat(reasons("limits.min-tokens-per-param = 200"))
                .anyMatch(r -> r.contains("below min-tokens-per-param 200"));
        assertThat(reasons("")).anyMatch(r -> r.contains("below fit-min-steps 1000"));
    }

    @Test
    void unfittedCells_areTrainedOnRequestWithTheirLabel() {
        StudyPlan plan = plan(BASE + WIDE + "\nlimits.train-unfitted = true");
        assertThat(plan.runs())
                .anyMatch(run -> !run.fitted() && String.valueOf(run.label()).startsWith("head-dominated"));
        StudyPlan fitted = plan(BASE + WIDE + "\nlimits.fit-head-dominated = true");
        assertThat(fitted.runs()).anyMatch(run -> run.spec().shape().headDominated());
        assertThat(fitted.runs()).allMatch(PlannedRun::fitted);
    }

    @Test
    void studyWithoutCells_isRefusedWithTheFirstReason() {
        assertThatThrownBy(() -> plan(BASE + "budgets = [1e6]"))
                .isInstanceOf(InvalidSpecException.class)
                .hasMessageContaining("all 5 cells are left out; the first (2x8 at 1.00e+06 FLOPs) has 0 steps");
    }

    @Test
    void resolutionWithoutImages_isRefused() {
        assertThatThrownBy(() -> plan(BASE + "images.resolutions = [16, 48]"))
                .hasMessageContaining("there are no images of 48 pixels in embedded:noto");
    }

    private static List<String> reasons(String more) {
        return plan(BASE + more).leftOut().stream().map(LeftOutCell::reason).toList();
    }

    private static RunSpec run(StudyPlan plan, long params) {
        return plan.runs().stream()
                .map(PlannedRun::spec)
                .filter(spec -> spec.shape().params() == params)
                .findFirst()
                .orElseThrow();
    }

    private static StudyPlan plan(String text) {
        return Planner.plan(parse(text), images(3000), RULE);
    }

    private static StudySpec parse(String text) {
        return StudyFile.parse(text, "test.conf");
    }

    private static Map<Integer, ImageSetRef> images(long count) {
        return Map.of(16, new ImageSetRef("embedded:noto", "a".repeat(64), count));
    }
}

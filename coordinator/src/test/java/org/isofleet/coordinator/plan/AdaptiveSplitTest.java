package org.isofleet.coordinator.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.isofleet.protocol.study.AdaptivePlan;
import org.isofleet.protocol.study.InvalidSpecException;
import org.isofleet.protocol.study.PlannedRun;
import org.isofleet.protocol.study.StudyPlan;
import org.junit.jupiter.api.Test;

class AdaptiveSplitTest {
    private final StudyPlan plan = AdaptivePlans.study();
    private final AdaptivePlan adaptive = Objects.requireNonNull(plan.adaptive());

    @Test
    void grid_isThatOfTheSameStudyWithoutIt_itsLowestBudgetsFirst() {
        StudyPlan fixed = AdaptivePlans.plan(AdaptivePlans.BASE);
        assertThat(fixed.adaptive()).isNull();
        assertThat(fixed).isEqualTo(AdaptivePlans.plan(AdaptivePlans.BASE + "adaptive = off"));
        assertThat(plan.grid()).containsExactlyInAnyOrderElementsOf(fixed.runs());
        assertThat(budgets(plan.runs().stream())).containsExactly(2e10, 4e10, 8e10);
        assertThat(budgets(adaptive.planned().stream())).containsExactly(1.6e11, 3.2e11);
        assertThat(plan.studyId()).isNotEqualTo(fixed.studyId());
        assertThat(fixed.choices()).noneMatch(choice -> choice.startsWith("adaptive"));
        assertThat(plan.choices()).anyMatch(choice -> choice.startsWith("adaptive: the 3 lowest budgets"));
    }

    @Test
    void furtherSizes_areOfTheFamily_nearTheGrid_atAllBudgets_andFitted() {
        assertThat(budgets(adaptive.further().stream())).containsExactly(2e10, 4e10, 8e10, 1.6e11, 3.2e11);
        double least = params(plan.grid().stream()).get(0);
        List<Double> grid = params(plan.grid().stream());
        double most = grid.get(grid.size() - 1);
        assertThat(params(adaptive.further().stream()))
                .hasSizeGreaterThan(5)
                .allSatisfy(params -> assertThat(params).isBetween(least / 8, 8 * most))
                .doesNotContainAnyElementsOf(grid)
                .anyMatch(params -> params > 3 * most);
        assertThat(adaptive.candidates()).allMatch(PlannedRun::fitted);
        assertThat(plan.everyRun().map(run -> run.spec().id())).doesNotHaveDuplicates();
    }

    @Test
    void otherCandidates_areAnotherStudy() {
        StudyPlan other =
                AdaptivePlans.plan(AdaptivePlans.BASE + "adaptive = on, budgets = [2e10, 4e10, 8e10, 1.6e11]");
        assertThat(other.runs()).isEqualTo(plan.runs());
        assertThat(other.studyId()).isNotEqualTo(plan.studyId());
    }

    @Test
    void threeBudgets_areTooFew() {
        assertThatThrownBy(() -> AdaptivePlans.plan(AdaptivePlans.BASE + "adaptive = on, budgets = [2e10, 4e10, 8e10]"))
                .isInstanceOf(InvalidSpecException.class)
                .hasMessageContaining("adaptive = on needs 4 budgets or more")
                .hasMessageContaining("not 3 at 16 pixels");
    }

    @Test
    void noLoss_nothingToDecideBy() {
        assertThatThrownBy(() ->
                        AdaptivePlans.plan(AdaptivePlans.BASE + "adaptive = on, evaluation.kinds = [linear-probe]"))
                .isInstanceOf(InvalidSpecException.class)
                .hasMessageContaining("add held-out-loss");
    }

    private static List<Double> budgets(Stream<PlannedRun> runs) {
        return runs.map(run -> run.spec().budget().flops()).distinct().sorted().toList();
    }

    private static List<Double> params(Stream<PlannedRun> runs) {
        return runs.map(run -> (double) run.spec().shape().params())
                .distinct()
                .sorted()
                .toList();
    }
}

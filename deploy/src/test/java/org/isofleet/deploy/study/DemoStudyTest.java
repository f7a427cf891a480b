package org.isofleet.deploy.study;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Collectors;
import org.isofleet.protocol.study.Budget;
import org.isofleet.protocol.study.PlannedRun;
import org.isofleet.protocol.study.StudyPlan;
import org.isofleet.worker.data.PackedImageSets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Holds the embedded study to what the demo promises. */
class DemoStudyTest {
    @TempDir
    static Path cache;

    @Test
    void demo_isASmallButWholeStudy() {
        StudySource demo = StudySource.open("demo");
        StudyPlan plan = StudyPlans.plan(demo, new LocalImages(new PackedImageSets(cache)));

        assertThat(demo.spec().budgets()).hasSizeGreaterThanOrEqualTo(4);
        assertThat(demo.spec().budgets().get(0).flops()).isBetween(1.8e10, 2.2e10);
        Map<Budget, Long> sizes = plan.runs().stream()
                .collect(Collectors.groupingBy(run -> run.spec().budget(), Collectors.counting()));
        assertThat(sizes).hasSize(demo.spec().budgets().size());
        assertThat(sizes.values()).allMatch(count -> count >= 5);
        assertThat(plan.runs()).allMatch(PlannedRun::fitted);
        assertThat(plan.runs())
                .allMatch(run -> run.spec().steps() >= 1000 && run.spec().virtualShards() >= 2);
        assertThat(plan.runs()).allMatch(run -> run.spec().shape().levels() == 32);
    }

    @Test
    void demo_isEstimatedToTrainWithinFourMinutes() {
        StudySource demo = StudySource.open("demo");
        StudyPlan plan = StudyPlans.plan(demo, new LocalImages(new PackedImageSets(cache)));
        assertThat(PlanReport.of(demo.spec(), plan).totals().wallHours() * 3600).isLessThan(240);
    }
}

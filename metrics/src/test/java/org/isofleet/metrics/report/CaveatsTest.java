package org.isofleet.metrics.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.isofleet.metrics.live.LiveEvent;
import org.isofleet.metrics.live.Notation;
import org.isofleet.metrics.live.SimulatedStudy;
import org.isofleet.metrics.live.StudyView;
import org.isofleet.protocol.metric.EvaluationResult;
import org.isofleet.protocol.study.Budget;
import org.isofleet.protocol.study.EvaluationSpec;
import org.isofleet.protocol.study.ImageSetRef;
import org.isofleet.protocol.study.LeftOutCell;
import org.isofleet.protocol.study.ModelShape;
import org.isofleet.protocol.study.OptimizerSpec;
import org.isofleet.protocol.study.PlannedRun;
import org.isofleet.protocol.study.ProbeProtocol;
import org.isofleet.protocol.study.RunPolicy;
import org.isofleet.protocol.study.RunSpec;
import org.isofleet.protocol.study.ScheduleSpec;
import org.isofleet.protocol.study.StudyPlan;
import org.junit.jupiter.api.Test;

class CaveatsTest {
    @Test
    void studyThatMeasuredNothing_hasNone() {
        assertThat(Caveats.of(StudyView.EMPTY)).isEmpty();
    }

    @Test
    void oneSeed_isTold() {
        assertThat(Caveats.of(measured(0.5, 0.4, 0, 1))).anyMatch(text -> text.contains("trained with one seed"));
        assertThat(Caveats.of(measured(0.5, 0.4, 0, 1, 2))).noneMatch(text -> text.contains("one seed"));
    }

    @Test
    void bestOfSeveralRuns_isPickedOnTestImages() {
        assertThat(Caveats.of(measured(0.5, 0.4, 0, 1)))
                .anyMatch(text -> text.startsWith("“Best” is picked among 3 runs by the test images themselves"));
    }

    @Test
    void probeBelowRawPixels_isTold() {
        assertThat(Caveats.of(measured(0.452, 0.461, 0, 1)))
                .anyMatch(text -> text.startsWith(
                        "The best linear probe at 16×16, 45.2 %, lies below one on raw pixels, 46.1 %"));
        assertThat(Caveats.of(measured(0.47, 0.461, 0, 1))).noneMatch(text -> text.contains("raw pixels"));
    }

    @Test
    void budgetThatMissesLargeSizes_isNamed() {
        double largest = ModelShape.of(16, 3, 32, 2, 16, 1).params();

        assertThat(Caveats.of(measured(0.5, 0.4, 2, 1)))
                .anyMatch(text -> text.contains("at 1e11 2 of 5 cells, all with N above " + Notation.count(largest)));
        assertThat(Caveats.of(measured(0.5, 0.4, 2, 1, 2)))
                .as("two seeds are one cell")
                .anyMatch(text -> text.contains("2 of 5 cells"));
        assertThat(Caveats.of(measured(0.5, 0.4, 1, 1))).noneMatch(text -> text.contains("one side"));
    }

    /** Three sizes at one budget, all measured, and larger ones that are left out. */
    private static StudyView measured(double top1, double rawPixels, int leftOut, long... seeds) {
        List<PlannedRun> runs = new ArrayList<>();
        for (long seed : seeds) {
            for (int width : new int[] {8, 12, 16}) {
                runs.add(run(width, seed));
            }
        }
        List<LeftOutCell> cells = new ArrayList<>();
        for (int i = 1; i <= leftOut; i++) {
            cells.add(new LeftOutCell(1e11, 16, 2, 24 + i, 1e6 * i, "too few steps"));
        }
        StudyPlan plan = new StudyPlan(
                "0123456789abcdef",
                "caveats",
                runs,
                cells,
                EvaluationSpec.defaults(),
                RunPolicy.defaults(),
                List.of("channels: 3"));
        StudyView view = StudyView.EMPTY.with(new LiveEvent.StudyStarted(SimulatedStudy.START, plan));
        for (PlannedRun run : runs) {
            for (EvaluationResult result : List.of(
                    new EvaluationResult.HeldOutLoss("test", 4, 2, 0.02, 380),
                    new EvaluationResult.LinearProbe(
                            "probe",
                            1,
                            top1,
                            0.5,
                            0.11,
                            0.2,
                            0.3,
                            rawPixels,
                            List.of(),
                            1000,
                            810,
                            ProbeProtocol.FAST,
                            0.8))) {
                view = view.with(new LiveEvent.EvaluationRecorded(
                        SimulatedStudy.START, run.spec().id(), "0f".repeat(32), result));
            }
        }
        return view;
    }

    private static PlannedRun run(int width, long seed) {
        RunSpec spec = new RunSpec(
                ModelShape.of(16, 3, 32, 2, width, 1),
                new ImageSetRef("noto-16", "ab".repeat(32), 3000),
                new Budget(1e11),
                1000,
                2,
                2,
                OptimizerSpec.of(0.004, 0.99),
                ScheduleSpec.cosine(50, 0.1),
                "dl4j",
                "fp32",
                seed,
                500,
                true);
        return new PlannedRun(spec, true, null, 200L << 20);
    }
}

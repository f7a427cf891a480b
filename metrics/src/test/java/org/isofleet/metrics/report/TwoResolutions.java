package org.isofleet.metrics.report;

import java.util.ArrayList;
import java.util.List;
import org.isofleet.metrics.live.LiveEvent;
import org.isofleet.metrics.live.SimulatedStudy;
import org.isofleet.metrics.live.StudyView;
import org.isofleet.protocol.metric.EvaluationResult;
import org.isofleet.protocol.study.Budget;
import org.isofleet.protocol.study.DistanceProtocol;
import org.isofleet.protocol.study.EvaluationSpec;
import org.isofleet.protocol.study.ImageSetRef;
import org.isofleet.protocol.study.ModelShape;
import org.isofleet.protocol.study.OptimizerSpec;
import org.isofleet.protocol.study.PlannedRun;
import org.isofleet.protocol.study.RunPolicy;
import org.isofleet.protocol.study.RunSpec;
import org.isofleet.protocol.study.ScheduleSpec;
import org.isofleet.protocol.study.StudyPlan;

/** A study of one run at 16x16 and one at 32x32. */
final class TwoResolutions {
    private TwoResolutions() {}

    static StudyView view() {
        List<PlannedRun> runs = new ArrayList<>();
        for (int resolution : new int[] {16, 32}) {
            RunSpec spec = new RunSpec(
                    ModelShape.of(resolution, 3, 32, 2, 24, 1),
                    new ImageSetRef("noto-" + resolution, "ab".repeat(32), 3000),
                    new Budget(1e11),
                    1000,
                    2,
                    2,
                    OptimizerSpec.of(0.004, 0.99),
                    ScheduleSpec.cosine(50, 0.1),
                    "dl4j",
                    "fp32",
                    1,
                    500,
                    true);
            runs.add(new PlannedRun(spec, true, null, 200L << 20));
        }
        StudyPlan plan = new StudyPlan(
                "0123456789abcdef",
                "two",
                runs,
                List.of(),
                EvaluationSpec.defaults(),
                RunPolicy.defaults(),
                List.of("channels: 3"));
        StudyView view = StudyView.EMPTY.with(new LiveEvent.StudyStarted(SimulatedStudy.START, plan));
        view = results(view, runs.get(0), 4.1, 30, 4);
        return results(view, runs.get(1), 3.7, 20, 9);
    }

    private static StudyView results(StudyView view, PlannedRun run, double loss, double distance, double floor) {
        for (EvaluationResult result : List.of(
                new EvaluationResult.HeldOutLoss("test", loss, 2, 0.02, 380),
                new EvaluationResult.CompletionDistance(
                        "top half",
                        "isofleet-emoji64",
                        distance,
                        floor,
                        512,
                        380,
                        1,
                        "",
                        DistanceProtocol.OWN,
                        "",
                        64,
                        null))) {
            view = view.with(new LiveEvent.EvaluationRecorded(
                    SimulatedStudy.START, run.spec().id(), "0f".repeat(32), result));
        }
        return view;
    }
}

package org.isofleet.coordinator;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.isofleet.protocol.metric.EvaluationResult;
import org.isofleet.protocol.study.Budget;
import org.isofleet.protocol.study.DistanceProtocol;
import org.isofleet.protocol.study.EvaluationKind;
import org.isofleet.protocol.study.EvaluationSpec;
import org.isofleet.protocol.study.ImageSetRef;
import org.isofleet.protocol.study.ModelShape;
import org.isofleet.protocol.study.OptimizerSpec;
import org.isofleet.protocol.study.PlannedRun;
import org.isofleet.protocol.study.ProbeProtocol;
import org.isofleet.protocol.study.RunPolicy;
import org.isofleet.protocol.study.RunSpec;
import org.isofleet.protocol.study.ScheduleSpec;
import org.isofleet.protocol.study.StudyPlan;

/** Small studies for tests; nothing in them is ever trained. */
public final class TestPlans {
    private TestPlans() {}

    public static StudyPlan study(int runs, long steps, RunPolicy policy, EvaluationKind... kinds) {
        List<PlannedRun> planned = new ArrayList<>();
        for (int i = 0; i < runs; i++) {
            planned.add(new PlannedRun(spec(steps, i), true, null, 1 << 20));
        }
        EvaluationSpec evaluation = new EvaluationSpec(List.of(kinds), 0, 0, 16, 0, 1.0, 1);
        return new StudyPlan("feedfacecafebeef", "test", planned, List.of(), evaluation, policy, List.of());
    }

    public static RunSpec spec(long steps, long seed) {
        return new RunSpec(
                ModelShape.of(16, 3, 32, 2, 32, 2),
                new ImageSetRef("embedded:none", "0".repeat(64), 1000),
                new Budget(1e10),
                steps,
                8,
                4,
                OptimizerSpec.of(1e-3, 0.95),
                ScheduleSpec.cosine(1, 0.1),
                "dl4j",
                "fp32",
                seed,
                10,
                true);
    }

    /** The same run without the promise of its bits: its groups may mix kernel classes. */
    public static RunSpec inexact(RunSpec spec) {
        return new RunSpec(
                spec.shape(),
                spec.images(),
                spec.budget(),
                spec.steps(),
                spec.batch(),
                spec.virtualShards(),
                spec.optimizer(),
                spec.schedule(),
                spec.engine(),
                spec.precision(),
                spec.seed(),
                spec.checkpointEvery(),
                false);
    }

    public static RunPolicy policy(int workers, int attempts, Duration prepareTimeout) {
        return new RunPolicy(
                workers,
                attempts,
                Duration.ofMillis(200),
                Duration.ofSeconds(5),
                prepareTimeout,
                Duration.ofMinutes(5),
                Duration.ofMinutes(10),
                0);
    }

    /** What an evaluator of a test answers. */
    public static EvaluationResult result(EvaluationKind kind) {
        return switch (kind) {
            case HELD_OUT_LOSS -> new EvaluationResult.HeldOutLoss("test", 7, 3, 0.1, 10);
            case LINEAR_PROBE ->
                new EvaluationResult.LinearProbe(
                        "test", 1, 0.5, 0.5, 0.1, 0.1, 0.2, 0.2, List.of(), 10, 10, ProbeProtocol.FAST, 0.9);
            case COMPLETIONS ->
                new EvaluationResult.CompletionDistance(
                        "test", "none", 3, 1, 10, 10, 1, "", DistanceProtocol.OWN, "", 4, null);
        };
    }
}

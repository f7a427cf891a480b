package org.isofleet.coordinator.plan;

import java.util.Map;
import org.isofleet.protocol.study.ImageSetRef;
import org.isofleet.protocol.study.PlannedRun;
import org.isofleet.protocol.study.StudyPlan;

/** A small study that adapts itself, and the loss that its runs have. */
public final class AdaptivePlans {
    static final String BASE = """
            name = test
            images.levels = 32
            budgets { from = 2e10, to = 3.2e11, count = 5 }
            models = ["2x8", "2x12", "2x16", "2x20", "2x24", "2x28"]
            batch { min = 2, max = 4 }
            limits { max-epochs = 1000, fit-head-dominated = true, min-tokens-per-param = 1 }
            evaluation.kinds = [held-out-loss]
            """;

    private AdaptivePlans() {}

    /** Five budgets of six sizes; the optimum grows from 4k to 16k parameters. */
    public static StudyPlan study() {
        return plan(BASE + "adaptive = on");
    }

    static StudyPlan plan(String text) {
        return Planner.plan(
                StudyFile.parse(text, "test"),
                Map.of(16, new ImageSetRef("embedded:noto", "ab".repeat(32), 5000)),
                new TuningRule(0.5, -0.5, 0.5, 0.99, "test"));
    }

    /** L = 3 + A N^-0.4 + B D^-0.4, and noise of 0.2 % that only the run tells. */
    public static double loss(PlannedRun run) {
        double params = run.spec().shape().params();
        double tokens = run.spec().tokensSeen();
        double surface = 3 + 0.7 * Math.pow(params / 8e3, -0.4) + 0.7 * Math.pow(tokens / 1.7e6, -0.4);
        int hash = run.spec().id().value().hashCode();
        return surface * (1 + 0.002 * Math.sin(hash));
    }
}

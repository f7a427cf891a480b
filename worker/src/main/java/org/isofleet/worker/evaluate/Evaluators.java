package org.isofleet.worker.evaluate;

import java.util.Map;
import org.isofleet.protocol.study.EvaluationKind;

/** The evaluators of a worker. */
public final class Evaluators {
    private Evaluators() {}

    /**
     * One evaluator a kind; what they find out about image sets alone they keep as long as they live.
     *
     * @param features of studies that name no network of their own
     */
    public static Map<EvaluationKind, Evaluator> on(Workbench workbench, ImageFeatures features) {
        return Map.of(
                EvaluationKind.HELD_OUT_LOSS,
                new HeldOutLossEvaluator(workbench),
                EvaluationKind.LINEAR_PROBE,
                new LinearProbeEvaluator(workbench),
                EvaluationKind.COMPLETIONS,
                new CompletionEvaluator(workbench, new FeatureSource(features)));
    }
}

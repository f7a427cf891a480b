package org.isofleet.coordinator.fit;

import org.isofleet.metrics.scaling.MetricDirection;
import org.isofleet.protocol.metric.EvaluationResult;

/** The metrics that scaling laws are fitted to. */
public enum FittedMetric {
    LOSS("loss", MetricDirection.MINIMISE),
    TOP1("top1", MetricDirection.MAXIMISE),
    FRECHET_DISTANCE("fd", MetricDirection.MINIMISE);

    private final String shortName;
    private final MetricDirection direction;

    FittedMetric(String shortName, MetricDirection direction) {
        this.shortName = shortName;
        this.direction = direction;
    }

    /** The name in live events and reports. */
    public String shortName() {
        return shortName;
    }

    /** Whether less or more of it is better. */
    public MetricDirection direction() {
        return direction;
    }

    static FittedMetric of(EvaluationResult result) {
        return switch (result.kind()) {
            case HELD_OUT_LOSS -> LOSS;
            case LINEAR_PROBE -> TOP1;
            case COMPLETIONS -> FRECHET_DISTANCE;
        };
    }

    static double value(EvaluationResult result) {
        if (result instanceof EvaluationResult.HeldOutLoss loss) {
            return loss.natsPerPixel();
        } else if (result instanceof EvaluationResult.LinearProbe probe) {
            return probe.top1();
        } else if (result instanceof EvaluationResult.CompletionDistance completions) {
            return completions.distance();
        }
        throw new IllegalStateException("no value of " + result);
    }
}

package org.isofleet.metrics.report;

import org.isofleet.metrics.live.RunView;
import org.isofleet.protocol.metric.EvaluationResult.CompletionDistance;
import org.isofleet.protocol.metric.EvaluationResult.LinearProbe;
import org.isofleet.protocol.study.DistanceProtocol;
import org.isofleet.protocol.study.ProbeProtocol;

/** What a protocol says of a metric, in a few words. */
final class MeasuredAs {
    /** How the names of networks begin that come with the program. */
    private static final String OURS = "isofleet-";

    private MeasuredAs() {}

    /** The unit of a metric as a run has it. */
    static String unit(Metric metric, RunView run) {
        return switch (metric) {
            case LOSS -> metric.unit;
            case TOP1 -> run.result(LinearProbe.class).map(MeasuredAs::accuracy).orElse("accuracy") + ", %";
            case FD ->
                metric.unit
                        + run.result(CompletionDistance.class)
                                .map(distance -> ", " + words(distance))
                                .orElse("");
        };
    }

    static String accuracy(LinearProbe probe) {
        return probe.probe() == ProbeProtocol.FAST ? "balanced accuracy" : "accuracy";
    }

    /** Protocol and features. */
    static String words(CompletionDistance distance) {
        String protocol = distance.measuredBy() == DistanceProtocol.OWN
                ? ""
                : distance.measuredBy().name(distance.generated(), distance.references()) + ", ";
        return protocol + (ours(distance) ? "not FID" : "on " + network(distance));
    }

    /** Whether the features are those of the network that comes with the program. */
    static boolean ours(CompletionDistance distance) {
        return distance.features().startsWith(OURS);
    }

    /** The name of the features without what is done to images. */
    private static String network(CompletionDistance distance) {
        return distance.features().replaceFirst(" \\(\\d+x\\d+ .*", "");
    }

    /** What few images make of a distance; empty when they are enough. */
    static String rank(CompletionDistance distance) {
        return distance.rankDeficient()
                ? " Rank-deficient: " + Math.min(distance.generated(), distance.references())
                        + " images have no covariance of " + distance.dimension()
                        + " features, so distances are biased up strongly."
                : "";
    }
}

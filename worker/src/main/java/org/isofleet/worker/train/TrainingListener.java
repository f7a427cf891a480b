package org.isofleet.worker.train;

import java.util.List;
import org.isofleet.protocol.group.RunReport;
import org.isofleet.protocol.metric.StepMetrics;
import org.isofleet.protocol.study.RunId;

/** Hears what training does, on the compute thread or the one that writes checkpoints; implementations hand over and return. */
public interface TrainingListener {
    /** Something that the coordinator must hear of. */
    void report(RunReport report);

    /** Somebody was turned away at the bulk port, as the line says, which is in the log already. */
    default void refused(String line) {}

    /**
     * Steps that were done, thinned; called at most a few times a second, on the first member of a group only.
     *
     * @param tokensPerSecond of the whole group
     */
    void steps(RunId runId, long generation, List<StepMetrics> steps, double tokensPerSecond);
}

package org.isofleet.worker.train;

import java.util.List;
import org.isofleet.protocol.group.RunReport;
import org.isofleet.protocol.metric.StepMetrics;
import org.isofleet.protocol.study.RunId;

/** Hears what training does, on the compute thread; implementations hand over and return. */
public interface TrainingListener {
    /** Something that the coordinator must hear of. */
    void report(RunReport report);

    /** Steps that were done; called at most a few times a second, on the first member of a group only. */
    void steps(RunId runId, long generation, List<StepMetrics> steps, double tokensPerSecond);
}

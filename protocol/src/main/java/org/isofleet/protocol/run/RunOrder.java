package org.isofleet.protocol.run;

import org.isofleet.protocol.study.EvaluationSpec;
import org.isofleet.protocol.study.RunId;
import org.isofleet.protocol.study.RunPolicy;
import org.isofleet.protocol.study.RunSpec;

/**
 * What a study asks of one run.
 *
 * @param studyId the study
 * @param position place in the study's order; smaller goes first
 * @param spec the run
 * @param evaluation what is measured when it has trained
 * @param policy staffing and retries
 */
public record RunOrder(String studyId, int position, RunSpec spec, EvaluationSpec evaluation, RunPolicy policy) {
    public RunId runId() {
        return spec.id();
    }

    /** Workers that the run is given before another is started. */
    public int workersWanted() {
        return Math.min(policy.workersPerRun(), spec.virtualShards());
    }

    /** Workers that it can use: each needs a virtual shard. */
    public int workersAtMost() {
        return spec.virtualShards();
    }
}

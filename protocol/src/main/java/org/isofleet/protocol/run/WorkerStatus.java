package org.isofleet.protocol.run;

import org.isofleet.protocol.group.HeldState;
import org.isofleet.protocol.group.WorkerProfile;
import org.isofleet.protocol.study.EvaluationKind;
import org.jspecify.annotations.Nullable;

/**
 * A living worker as its gateway last heard it.
 *
 * @param profile what it is
 * @param held what it has in memory
 * @param evaluating the metric it is busy with
 * @param gateway address of the gateway that it dialled
 * @param stragglerScore its time for a shard of the run over the least that is known; 0 when nothing is
 * @param leaving whether it was asked to end: it gets nothing more to do, and goes when others have what it works at
 */
public record WorkerStatus(
        WorkerProfile profile,
        @Nullable HeldState held,
        @Nullable EvaluationKind evaluating,
        String gateway,
        double stragglerScore,
        boolean leaving) {
    /** Of one that stays. */
    public WorkerStatus(
            WorkerProfile profile,
            @Nullable HeldState held,
            @Nullable EvaluationKind evaluating,
            String gateway,
            double stragglerScore) {
        this(profile, held, evaluating, gateway, stragglerScore, false);
    }

    public String workerId() {
        return profile.workerId();
    }

    public long incarnation() {
        return profile.member().incarnation();
    }
}

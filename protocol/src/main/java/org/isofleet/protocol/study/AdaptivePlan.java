package org.isofleet.protocol.study;

import java.util.List;
import java.util.stream.Stream;

/**
 * What a study that adapts itself may train beside the runs of its plan, which are those of the lowest budgets.
 *
 * @param planned the runs of the study file at the budgets above
 * @param further other sizes at all budgets
 */
public record AdaptivePlan(List<PlannedRun> planned, List<PlannedRun> further) {
    public AdaptivePlan {
        planned = List.copyOf(planned);
        further = List.copyOf(further);
    }

    /** All of them. */
    public Stream<PlannedRun> candidates() {
        return Stream.concat(planned.stream(), further.stream());
    }
}

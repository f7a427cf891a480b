package org.isofleet.protocol.run;

import java.util.List;
import org.isofleet.protocol.group.Divergence;
import org.isofleet.protocol.group.Member;

/**
 * An attempt that ended in a step that was no number. One computation does not tell whether the run diverges or a worker computes wrongly;
 * it is kept until the step was computed once more.
 *
 * @param generation the group that computed it
 * @param members who was in it
 * @param divergence the step
 */
public record DivergedAttempt(long generation, List<Member> members, Divergence divergence) {
    public DivergedAttempt {
        members = List.copyOf(members);
    }

    /** The workers by name. */
    public String names() {
        return String.join(", ", members.stream().map(Member::workerId).toList());
    }
}

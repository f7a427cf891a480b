package org.isofleet.protocol.run;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.isofleet.protocol.group.Member;

/**
 * Who computed wrongly in a run and when, as far as that could be told, in that order. Kept in the journal, so that one who does so again
 * and again is left out for longer each time though the coordinator was restarted between.
 */
public record Culprits(List<Culprit> all) {
    /** More of one worker would not double its time any more. */
    private static final int REMEMBERED = 64;

    static final Culprits NONE = new Culprits(List.of());

    /** {@code alone}: nobody else was in the group, so there is nobody to go on without it. */
    public record Culprit(String workerId, long incarnation, boolean alone, Instant at) {}

    public Culprits {
        all = List.copyOf(all);
    }

    Culprits with(Member member, boolean alone, Instant at) {
        List<Culprit> more = new ArrayList<>(all);
        more.add(new Culprit(member.workerId(), member.incarnation(), alone, at));
        return new Culprits(more.subList(Math.max(0, more.size() - REMEMBERED), more.size()));
    }
}

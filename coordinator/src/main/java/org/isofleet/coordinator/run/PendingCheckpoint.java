package org.isofleet.coordinator.run;

import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.isofleet.protocol.group.Member;
import org.isofleet.protocol.group.RunReport;

/**
 * A checkpoint that the group has passed and that nobody has written yet.
 *
 * @param step of the checkpoint
 * @param writer index of the member that writes it, as far as is known
 * @param failed members that could not
 * @param retried whether one of these tries again by itself
 * @param reason why the last of them could not; empty while none has failed
 * @param askAt when the next member is asked; with none left, until when the last checkpoint of a run is waited for
 */
record PendingCheckpoint(long step, int writer, Set<String> failed, boolean retried, String reason, Instant askAt) {
    PendingCheckpoint {
        failed = Set.copyOf(failed);
    }

    /** The first member writes without being asked. */
    static PendingCheckpoint of(long step, Instant askAt) {
        return new PendingCheckpoint(step, 0, Set.of(), false, "", askAt);
    }

    PendingCheckpoint without(RunReport.CheckpointFailed report) {
        Set<String> more = new HashSet<>(failed);
        more.add(report.workerId());
        return new PendingCheckpoint(step, writer, more, retried || report.retried(), report.reason(), askAt);
    }

    PendingCheckpoint askedOf(int member, Instant next) {
        return new PendingCheckpoint(step, member, failed, retried, reason, next);
    }

    /** Index of the member after the one that was asked last, going round, among those that have not failed. */
    Optional<Integer> next(List<Member> members) {
        for (int i = 1; i <= members.size(); i++) {
            int member = (writer + i) % members.size();
            if (!failed.contains(members.get(member).workerId())) {
                return Optional.of(member);
            }
        }
        return Optional.empty();
    }
}

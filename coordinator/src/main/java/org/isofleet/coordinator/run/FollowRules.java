package org.isofleet.coordinator.run;

import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.isofleet.protocol.group.HeldState;
import org.isofleet.protocol.group.Member;
import org.isofleet.protocol.group.RunReport;
import org.isofleet.protocol.group.WorkerCommand;
import org.isofleet.protocol.run.RunNeed;
import org.isofleet.protocol.run.Staffing;
import org.jspecify.annotations.Nullable;

/**
 * How newcomers come by the state of a group that trains on. Each follows a member: it copies the state and keeps up with the steps that
 * follow, and has no shards. When all of them have caught up, the next generation begins, in which nobody has to copy; so the group stands no
 * longer than it takes to form. A newcomer that cannot follow, or not in time, is taken in all the same and copies while the group stands. Nothing
 * rests on a newcomer's word: what it holds counts by its hash, when the members prepare.
 */
final class FollowRules {
    private FollowRules() {}

    /** Whether all newcomers may be taken into the group now; who was not asked to follow is asked. */
    static boolean areReady(RunTurn turn, RunPhase.Training training, List<Staffing.Seat> newcomers) {
        Map<RunNeed.Holding, Instant> asked = training.followers();
        Map<RunNeed.Holding, Instant> followers = new HashMap<>();
        boolean again = !turn.now.isBefore(training.resendAt());
        boolean ready = true;
        for (Staffing.Seat seat : newcomers) {
            RunNeed.Holding newcomer = RunTurn.holding(seat.member());
            Instant known = asked.get(newcomer);
            Instant until = known == null ? turn.now.plus(GroupRules.startTimeout(turn)) : known;
            followers.put(newcomer, until);
            if (!hasCaughtUp(turn, seat.held()) && turn.now.isBefore(until)) {
                ready = false;
                if (known == null || again) {
                    turn.command(seat.member(), follow(turn, followers.size(), seat.member()));
                }
            }
        }
        RunPhase.Training next = training.followedBy(followers);
        turn.phase = again && !followers.isEmpty() ? next.resentUntil(turn.now.plus(turn.pace.resend())) : next;
        return ready;
    }

    /** Who is at least as far as the group ever was is no follower but may be followed. */
    private static boolean hasCaughtUp(RunTurn turn, @Nullable HeldState held) {
        return held != null
                && held.runId().equals(turn.history().runId())
                && (held.generation() == turn.history().generation() || held.step() >= turn.reachedStep);
    }

    /** Newcomers are shared out over the members, the first of whom writes checkpoints and comes last. */
    private static WorkerCommand follow(RunTurn turn, int number, Member newcomer) {
        List<Member> members = turn.history().group().members();
        Member source = members.get(Math.floorMod(-number, members.size()));
        long patience = turn.order().policy().prepareTimeout().toMillis() * 3 / 4;
        return new WorkerCommand.FollowGroup(turn.plan(), source.workerId(), newcomer, patience);
    }

    /** A newcomer cannot follow: it need not be waited for any longer. */
    static void failed(RunTurn turn, RunInput.Reported input, RunReport.FollowingFailed report) {
        RunNeed.Holding newcomer = new RunNeed.Holding(input.workerId(), input.incarnation());
        if (turn.phase instanceof RunPhase.Training training
                && report.generation() == turn.history().generation()
                && training.followers().containsKey(newcomer)) {
            turn.warn("worker %s could not follow the group and joins it by a copy, for which it stands: %s"
                    .formatted(report.workerId(), report.reason()));
            Map<RunNeed.Holding, Instant> followers = new HashMap<>(training.followers());
            followers.put(newcomer, turn.now);
            turn.phase = training.followedBy(followers);
        }
    }

    /** Frees those who follow a group that does not take them in any more. */
    static void release(RunTurn turn, RunPhase before) {
        if (!(before instanceof RunPhase.Training training) || turn.keepsMembers()) {
            return;
        }
        for (RunNeed.Holding follower :
                training.followers().keySet().stream().sorted(NeedRules.BY_NAME).toList()) {
            boolean follows = turn.phase instanceof RunPhase.Training now
                    && now.followers().containsKey(follower);
            boolean joins = turn.isStaffed()
                    && turn.history().group().members().stream()
                            .anyMatch(m -> RunTurn.holding(m).equals(follower));
            if (!follows && !joins) {
                turn.command(
                        follower.workerId(),
                        follower.incarnation(),
                        new WorkerCommand.ReleaseGroup(
                                turn.history().runId(), turn.history().generation()));
            }
        }
    }
}

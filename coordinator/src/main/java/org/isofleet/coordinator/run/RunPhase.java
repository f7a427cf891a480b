package org.isofleet.coordinator.run;

import java.time.Instant;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.isofleet.protocol.group.RunReport;
import org.isofleet.protocol.run.RunNeed;
import org.isofleet.protocol.study.EvaluationKind;
import org.jspecify.annotations.Nullable;

/** Where a run stands; the part of it that need not survive a restart. */
public sealed interface RunPhase {
    /** No study has asked for it. */
    record Unordered() implements RunPhase {}

    /** No worker works for it; {@code gatherUntil}: when it begins with those that it has been given. */
    record Waiting(@Nullable Instant gatherUntil) implements RunPhase {}

    /** The members stop and report; {@code prepared}: what they said, by worker. */
    record Preparing(Map<String, RunReport.GroupPrepared> prepared, Instant deadline, Instant resendAt)
            implements RunPhase {
        public Preparing {
            prepared = Map.copyOf(prepared);
        }
    }

    /**
     * The group may be training.
     *
     * @param running members that are known to
     * @param deadline for the others
     * @param countedFrom since when the time is not yet counted as training
     * @param announced whether it was shown that all of them run
     * @param pending the checkpoint that is due; null when the last one that was is written
     * @param followers newcomers that were asked to follow the group, each with the time from which it is taken in though it has not caught up
     */
    record Training(
            Set<String> running,
            Instant deadline,
            Instant resendAt,
            Instant countedFrom,
            boolean announced,
            @Nullable PendingCheckpoint pending,
            Map<RunNeed.Holding, Instant> followers)
            implements RunPhase {
        public Training {
            running = Set.copyOf(running);
            followers = Map.copyOf(followers);
        }

        /** Of a group that was just told to start, or may have been. */
        static Training beginning(Instant deadline, Instant resendAt, Instant now) {
            return new Training(Set.of(), deadline, resendAt, now, false, null, Map.of());
        }

        Training with(String workerId) {
            Set<String> more = new HashSet<>(running);
            more.add(workerId);
            return new Training(more, deadline, resendAt, countedFrom, announced, pending, followers);
        }

        Training without(String workerId, Instant newDeadline) {
            Set<String> fewer = new HashSet<>(running);
            fewer.remove(workerId);
            return new Training(fewer, newDeadline, resendAt, countedFrom, announced, pending, followers);
        }

        Training resentUntil(Instant next) {
            return new Training(running, deadline, next, countedFrom, announced, pending, followers);
        }

        Training countedUntil(Instant counted) {
            return new Training(running, deadline, resendAt, counted, announced, pending, followers);
        }

        Training awaiting(@Nullable PendingCheckpoint checkpoint) {
            return new Training(running, deadline, resendAt, countedFrom, announced, checkpoint, followers);
        }

        Training followedBy(Map<RunNeed.Holding, Instant> newcomers) {
            return new Training(running, deadline, resendAt, countedFrom, announced, pending, newcomers);
        }

        Training announce() {
            return new Training(running, deadline, resendAt, countedFrom, true, pending, followers);
        }
    }

    /** An attempt has failed. */
    record BackingOff() implements RunPhase {}

    /** An operator wants it to have no workers. */
    record Paused() implements RunPhase {}

    /** Trained; {@code askedAt}: when each evaluator was last told. */
    record Evaluating(Map<EvaluationKind, Instant> askedAt) implements RunPhase {
        public Evaluating {
            askedAt = Map.copyOf(askedAt);
        }
    }

    /** Done or parked. */
    record Settled() implements RunPhase {}
}

package org.isofleet.protocol.group;

import java.util.List;
import org.apache.pekko.actor.typed.ActorRef;
import org.isofleet.protocol.study.EvaluationKind;
import org.isofleet.protocol.study.EvaluationSpec;
import org.isofleet.protocol.study.RunId;
import org.isofleet.protocol.study.RunSpec;
import org.isofleet.protocol.wire.WireMessage;
import org.jspecify.annotations.Nullable;

/** What coordinators tell a worker. A worker serves one (run, generation) and ignores commands of an older one. */
public sealed interface WorkerCommand extends WireMessage {
    /**
     * Registration was taken; heartbeats go to this gateway from now on. {@code depot}: where checkpoints go if this worker does not
     * see the study folder; null when it must.
     */
    record Welcome(
            ActorRef<GatewayMessage> gateway, @Nullable Depot depot) implements WorkerCommand {}

    /** The gateway does not know this incarnation: register again. */
    record RegisterAgain() implements WorkerCommand {}

    /**
     * Stop what an older generation does, enter this one, and answer with {@link RunReport.GroupPrepared}. Sent again until
     * answered, also by a coordinator that has just started: a member that stands still answers again, one that trains does not.
     */
    record PrepareGroup(GroupPlan plan) implements WorkerCommand {}

    /** All members are prepared: take parameters from there and train. Changes nothing for a member that trains already. */
    record StartGroup(RunId runId, long generation, StartPoint from) implements WorkerCommand {}

    /** Leave the run; its parameters may be dropped. Answered by nothing. */
    record ReleaseGroup(RunId runId, long generation) implements WorkerCommand {}

    /**
     * Copy the state of a group that trains on from a member of it, and keep up with it: the next generation takes in a worker that need not
     * be waited for. Who follows is in no group and contributes nothing. What it has copied is told by its heartbeats; that it cannot, by
     * {@link RunReport.FollowingFailed}. Sent again until either is heard; obeyed once in a generation.
     *
     * @param plan the group that trains
     * @param source member to copy from
     * @param follower the worker that is meant, which is not in the group
     * @param patienceMillis how long it may take to catch up with a source that has stopped, once it is put into a group
     */
    record FollowGroup(GroupPlan plan, String source, Member follower, long patienceMillis) implements WorkerCommand {}

    /**
     * Write the copy of a checkpoint that you hold: the member that was to write it could not, or takes too long. Answered as that member
     * would have, or by {@link RunReport.CheckpointFailed} when there is no such copy. All members hold the same bytes.
     */
    record WriteCheckpoint(RunId runId, long generation, long step) implements WorkerCommand {}

    /**
     * Delete what the run no longer needs. {@code keep} is what the journal counts on: the newest committed checkpoint and the one before
     * it. Obeyed by a member of this generation only; answered by nothing, and what it left is deleted with the next one.
     */
    record CollectCheckpoints(RunId runId, long generation, List<CheckpointRef> keep) implements WorkerCommand {
        public CollectCheckpoints {
            keep = List.copyOf(keep);
        }
    }

    /**
     * Say where your threads stand, before this worker is replaced in the group: it lives and makes no step. Answered at once by
     * {@link GatewayMessage.StacksCaptured}, whatever the computing threads do; asked once, for it changes nothing.
     */
    record CaptureStacks(RunId runId, long generation, String reason) implements WorkerCommand {}

    /** Compute one metric on a checkpoint; answered by {@link RunReport.EvaluationFinished} or a failure. */
    record Evaluate(
            RunSpec spec,
            CheckpointRef checkpoint,
            String checkpointStore,
            EvaluationKind kind,
            EvaluationSpec evaluation)
            implements WorkerCommand {}

    /** The report with this number is persisted; it need not be repeated. */
    record ReportAcknowledged(long sequence) implements WorkerCommand {}

    /** Finish nothing, leave all groups and end the process. */
    record Shutdown() implements WorkerCommand {}
}

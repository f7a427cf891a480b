package org.isofleet.worker.train;

import org.isofleet.protocol.group.CheckpointRef;
import org.isofleet.protocol.group.Divergence;
import org.isofleet.protocol.group.HeldState;
import org.isofleet.protocol.group.RunReport;
import org.isofleet.worker.exchange.PeerLostException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a worker says of the group that it is in, or follows. */
final class AssignmentReports {
    private static final Logger LOG = LoggerFactory.getLogger(AssignmentReports.class);

    private final String workerId;
    private final TrainingListener listener;

    AssignmentReports(String workerId, TrainingListener listener) {
        this.workerId = workerId;
        this.listener = listener;
    }

    void prepared(Assignment assignment, @Nullable HeldState held, String gradientDigest) {
        listener.report(new RunReport.GroupPrepared(
                assignment.runId(), assignment.generation(), workerId, held, gradientDigest));
    }

    void running(Assignment assignment, long step, boolean readCheckpoint) {
        listener.report(new RunReport.GroupRunning(
                assignment.runId(), assignment.generation(), workerId, step, readCheckpoint));
    }

    void notFollowing(Assignment assignment, String reason) {
        listener.report(new RunReport.FollowingFailed(assignment.runId(), assignment.generation(), workerId, reason));
    }

    void lost(Assignment assignment, PeerLostException e) {
        LOG.warn("{} lost {}: {}", assignment.runId(), e.workerId(), e.getMessage());
        listener.report(new RunReport.PeerLost(
                assignment.runId(), assignment.generation(), workerId, e.workerId(), String.valueOf(e.getMessage())));
    }

    /** Members came to different bits, or this worker alone; {@code culprit}: null when it cannot be told. */
    void differing(Assignment assignment, long step, @Nullable String culprit, Exception e) {
        String reason = String.valueOf(e.getMessage());
        LOG.warn("{} fails: {}", assignment.runId(), reason);
        listener.report(new RunReport.StatesDiffer(
                assignment.runId(), assignment.generation(), workerId, step, culprit, reason));
    }

    void unreadable(Assignment assignment, CheckpointRef asked, Exception e) {
        String reason = String.valueOf(e.getMessage());
        LOG.warn("{}: {}", assignment.runId(), reason);
        listener.report(new RunReport.CheckpointUnreadable(
                assignment.runId(), assignment.generation(), workerId, asked, reason));
    }

    void failed(Assignment assignment, Exception e) {
        failed(
                assignment,
                String.valueOf(e.getMessage()),
                e instanceof Diverged diverged ? diverged.divergence() : null);
    }

    /** What nobody has foreseen, but for a lack of memory. */
    void broke(Assignment assignment, Throwable e) {
        if (e instanceof OutOfMemoryError) {
            failed(
                    assignment,
                    "not enough memory: " + e.getMessage() + "; give the worker more or train a smaller shape",
                    null);
        } else {
            LOG.error("training of {} failed", assignment.runId(), e);
            failed(assignment, "a defect: " + e, null);
        }
    }

    private void failed(Assignment assignment, String reason, @Nullable Divergence divergence) {
        LOG.warn("{} fails: {}", assignment.runId(), reason);
        listener.report(new RunReport.TrainingFailed(
                assignment.runId(), assignment.generation(), workerId, reason, divergence));
    }
}

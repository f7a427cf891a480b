package org.isofleet.worker.train;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.isofleet.protocol.group.RunReport;
import org.isofleet.worker.checkpoint.CheckpointAccess;
import org.isofleet.worker.checkpoint.CheckpointPipeline;
import org.isofleet.worker.checkpoint.CheckpointPipeline.Outcome;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has the checkpoints of a run written, and reports each when it is in the store, or that it is not. What is written is told of only
 * when the members have agreed on the state after that step: a parameter that changed before the gradient was computed from it spoils
 * the sum for all, and shows in the hashes of the state that comes of it.
 */
final class CheckpointReports {
    private static final Logger LOG = LoggerFactory.getLogger(CheckpointReports.class);

    private final String workerId;
    private final TrainingListener listener;
    private volatile @Nullable CheckpointPipeline pipeline;

    /** Of steps that have not been agreed on. */
    private final Map<Long, RunReport> withheld = new TreeMap<>();

    private Past past = new Past();

    /** The states that followed one from the other since the memory was last replaced. */
    private static final class Past {
        private long agreedStep;
    }

    CheckpointReports(String workerId, TrainingListener listener) {
        this.workerId = workerId;
        this.listener = listener;
    }

    /** The run whose copies can be asked for; null for none. */
    void serve(@Nullable CheckpointPipeline current) {
        if (current != pipeline) {
            forget();
        }
        pipeline = current;
    }

    /** The state is replaced: nothing that was taken of it will be agreed on. */
    synchronized void forget() {
        withheld.clear();
        past = new Past();
    }

    /** All members hold the same state after a step, and so did after those before. */
    void agreed(long step) {
        List<RunReport> told;
        synchronized (this) {
            past.agreedStep = step;
            if (withheld.isEmpty()) {
                return;
            }
            told = withheld.entrySet().stream()
                    .filter(report -> report.getKey() <= step)
                    .map(Map.Entry::getValue)
                    .toList();
            withheld.keySet().removeIf(of -> of <= step);
        }
        told.forEach(listener::report);
    }

    private synchronized Past past() {
        return past;
    }

    /** Tells of a checkpoint now, when its state is agreed on, or never, when its state was replaced before that. */
    private void report(long step, Past of, RunReport written) {
        synchronized (this) {
            if (step > of.agreedStep) {
                if (of == past) {
                    withheld.put(step, written);
                }
                return;
            }
        }
        listener.report(written);
    }

    /** Takes a checkpoint between the first and the last step. */
    void scheduled(Assignment assignment, TrainingState state, CheckpointAccess store) {
        take(
                assignment,
                state,
                store,
                stored -> new RunReport.CheckpointWritten(
                        assignment.runId(), assignment.generation(), workerId, stored.reference()));
    }

    /** Takes the checkpoint of the last step: once it is stored, training is over. */
    void last(Assignment assignment, TrainingState state, CheckpointAccess store, double seconds) {
        take(
                assignment,
                state,
                store,
                stored -> new RunReport.TrainingFinished(
                        assignment.runId(),
                        assignment.generation(),
                        workerId,
                        stored.reference(),
                        stored.chain().digest(),
                        seconds));
    }

    private void take(
            Assignment assignment,
            TrainingState state,
            CheckpointAccess store,
            Function<Outcome.Stored, RunReport> written) {
        long step = state.step();
        Past of = past();
        state.checkpoints().submit(state.snapshot(assignment.generation()), store, assignment.leads(), outcome -> {
            if (outcome instanceof Outcome.Stored stored) {
                report(step, of, written.apply(stored));
            } else if (outcome instanceof Outcome.Failed failed) {
                notWritten(assignment, step, failed);
            }
        });
    }

    /** Writes the copy of a checkpoint; may be called by any thread. */
    void writeCopy(Assignment assignment, long step) {
        CheckpointPipeline current = pipeline;
        if (current == null) {
            notWritten(assignment, step, new Outcome.Failed("it holds nothing of the run", false));
        } else {
            current.writeCopy(step, reason -> notWritten(assignment, step, new Outcome.Failed(reason, false)));
        }
    }

    private void notWritten(Assignment assignment, long step, Outcome.Failed failed) {
        if (!failed.retried()) { // else the pipeline tells of the outage, once
            LOG.warn("{}: step {}: {}", assignment.runId(), step, failed.reason());
        }
        listener.report(new RunReport.CheckpointFailed(
                assignment.runId(), assignment.generation(), workerId, step, failed.reason(), failed.retried()));
    }
}

package org.isofleet.worker.evaluate;

import org.isofleet.protocol.group.WorkerCommand;
import org.isofleet.protocol.metric.EvaluationResult;

/** Computes one metric of one checkpoint. The same checkpoint and protocol give the same result. */
@FunctionalInterface
public interface Evaluator {
    /**
     * Runs on a compute thread until it is done; an interrupt ends it early.
     *
     * @throws java.io.IOException when the checkpoint or the images cannot be read; the message is one line
     * @throws InterruptedException when the thread was interrupted
     */
    EvaluationResult evaluate(WorkerCommand.Evaluate task) throws java.io.IOException, InterruptedException;
}

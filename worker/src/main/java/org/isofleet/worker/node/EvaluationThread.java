package org.isofleet.worker.node;

import java.io.IOException;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import org.isofleet.protocol.group.RunReport;
import org.isofleet.protocol.group.RunReport.EvaluationFailed;
import org.isofleet.protocol.group.RunReport.EvaluationFinished;
import org.isofleet.protocol.group.WorkerCommand.Evaluate;
import org.isofleet.protocol.log.RunScope;
import org.isofleet.protocol.metric.EvaluationResult;
import org.isofleet.protocol.study.EvaluationKind;
import org.isofleet.worker.evaluate.Evaluator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The one thread on which a worker evaluates: native calls never run on a dispatcher. */
final class EvaluationThread implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(EvaluationThread.class);

    private final String workerId;
    private final Map<EvaluationKind, Evaluator> evaluators;
    private final ExecutorService thread;

    EvaluationThread(String workerId, Map<EvaluationKind, Evaluator> evaluators) {
        this.workerId = workerId;
        this.evaluators = evaluators;
        this.thread = Executors.newSingleThreadExecutor(task -> {
            Thread made = new Thread(task, "evaluation-" + workerId);
            made.setDaemon(true);
            return made;
        });
    }

    /** Evaluates and tells what came of it, failures of any kind included; nothing is told once this is closed. */
    void evaluate(Evaluate task, Consumer<RunReport> whenDone) {
        thread.execute(() -> {
            try (RunScope scope = RunScope.of(task.spec().id())) {
                carryOut(task, whenDone);
            }
        });
    }

    private void carryOut(Evaluate task, Consumer<RunReport> whenDone) {
        long start = System.nanoTime();
        try {
            EvaluationResult result = evaluator(task.kind()).evaluate(task);
            whenDone.accept(new EvaluationFinished(
                    task.spec().id(), workerId, task.checkpoint().digest(), result, (System.nanoTime() - start) / 1e9));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (Throwable e) {
            // Errors too: without a report the worker would be busy with this evaluation for ever. The coordinator
            // decides whether to try again.
            log.warn("{} of run {} failed", task.kind(), task.spec().id(), e);
            whenDone.accept(failed(task, e));
        }
    }

    private Evaluator evaluator(EvaluationKind kind) throws IOException {
        Evaluator evaluator = evaluators.get(kind);
        if (evaluator == null) {
            throw new IOException("this worker has no evaluator of " + kind);
        }
        return evaluator;
    }

    private RunReport failed(Evaluate task, Throwable e) {
        String reason = e.getMessage() == null ? e.toString() : e.getMessage();
        return new EvaluationFailed(
                task.spec().id(), workerId, task.checkpoint().digest(), task.kind(), reason);
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}

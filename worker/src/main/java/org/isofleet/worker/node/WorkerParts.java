package org.isofleet.worker.node;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.isofleet.protocol.group.KernelClass;
import org.isofleet.protocol.study.EvaluationKind;
import org.isofleet.worker.evaluate.Evaluator;
import org.isofleet.worker.train.TrainingHost;
import org.isofleet.worker.train.TrainingListener;

/**
 * What a worker computes with.
 *
 * @param device what it computes on, for people
 * @param kernelClasses what its bits depend on
 * @param training makes the one training host of the process
 * @param evaluators one a kind
 */
public record WorkerParts(
        String device, List<KernelClass> kernelClasses, Training training, Map<EvaluationKind, Evaluator> evaluators) {
    public WorkerParts {
        kernelClasses = List.copyOf(kernelClasses);
        evaluators = Map.copyOf(evaluators);
    }

    /** Opens the bulk port and starts the compute thread. */
    @FunctionalInterface
    public interface Training {
        /** @throws IOException when the bulk port cannot be bound */
        TrainingHost open(WorkerSettings settings, long incarnation, TrainingListener listener) throws IOException;
    }
}

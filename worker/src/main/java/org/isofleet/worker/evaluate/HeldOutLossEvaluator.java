package org.isofleet.worker.evaluate;

import java.io.IOException;
import org.isofleet.protocol.group.WorkerCommand;
import org.isofleet.protocol.metric.EvaluationResult;
import org.isofleet.worker.data.ImageSet.Split;

/** Mean next-pixel loss over the test images, with its standard error over images. */
final class HeldOutLossEvaluator implements Evaluator {
    private final Workbench workbench;

    HeldOutLossEvaluator(Workbench workbench) {
        this.workbench = workbench;
    }

    @Override
    public EvaluationResult.HeldOutLoss evaluate(WorkerCommand.Evaluate task) throws IOException, InterruptedException {
        try (Subject subject = Subject.open(task, workbench)) {
            ImageSample sample = subject.sample(Split.TEST, task.evaluation().heldOutImages());
            double[] losses = new double[sample.count()];
            subject.pool().forEach(losses.length, Subject.CHUNK, (lane, from, to) -> {
                double[] part = subject.engine().losses(lane, sample.batch(from, to));
                System.arraycopy(part, 0, losses, from, to - from);
            });
            return result(subject, losses);
        }
    }

    private static EvaluationResult.HeldOutLoss result(Subject subject, double[] losses) {
        int tokens = subject.shape().tokens();
        int n = losses.length;
        double mean = 0;
        for (double loss : losses) {
            mean += loss / tokens / n;
        }
        double squares = 0;
        for (double loss : losses) {
            squares += Math.pow(loss / tokens - mean, 2);
        }
        String protocol = "held-out loss/1: %s, %d test images".formatted(subject.imageText(), n);
        double error = n < 2 ? 0 : Math.sqrt(squares / (n - 1) / n);
        double bits = mean / subject.shape().channels() / Math.log(2);
        return new EvaluationResult.HeldOutLoss(protocol, mean, bits, error, n);
    }
}

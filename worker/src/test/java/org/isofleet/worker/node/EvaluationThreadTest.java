package org.isofleet.worker.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.isofleet.worker.node.Runs.evaluate;
import static org.isofleet.worker.node.Runs.spec;

import java.util.Map;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.isofleet.protocol.group.RunReport;
import org.isofleet.protocol.group.RunReport.EvaluationFailed;
import org.isofleet.protocol.group.RunReport.EvaluationFinished;
import org.isofleet.protocol.metric.EvaluationResult.HeldOutLoss;
import org.isofleet.protocol.study.EvaluationKind;
import org.isofleet.worker.evaluate.Evaluator;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class EvaluationThreadTest {
    private final BlockingQueue<RunReport> reports = new LinkedBlockingQueue<>();

    static Stream<Error> errors() {
        return Stream.of(
                new StackOverflowError(),
                new AssertionError(),
                new InternalError(),
                new UnsatisfiedLinkError(),
                new OutOfMemoryError());
    }

    @ParameterizedTest
    @MethodSource("errors")
    void errorOfAnyKind_isReported_andTheNextEvaluationRuns(Error error) throws InterruptedException {
        Evaluator failing = task -> {
            throw error;
        };
        Evaluator sound = task -> new HeldOutLoss("test", 1, 2, 3, 4);
        try (EvaluationThread thread = new EvaluationThread(
                "w1", Map.of(EvaluationKind.LINEAR_PROBE, failing, EvaluationKind.HELD_OUT_LOSS, sound))) {
            thread.evaluate(evaluate(spec(1), EvaluationKind.LINEAR_PROBE), reports::add);
            thread.evaluate(evaluate(spec(1), EvaluationKind.HELD_OUT_LOSS), reports::add);
            assertThat(next()).isInstanceOfSatisfying(EvaluationFailed.class, failed -> {
                assertThat(failed.kind()).isEqualTo(EvaluationKind.LINEAR_PROBE);
                assertThat(failed.reason()).isEqualTo(error.toString());
            });
            assertThat(next()).isInstanceOf(EvaluationFinished.class);
        }
    }

    private RunReport next() throws InterruptedException {
        return Objects.requireNonNull(reports.poll(20, TimeUnit.SECONDS), "nothing was reported");
    }
}

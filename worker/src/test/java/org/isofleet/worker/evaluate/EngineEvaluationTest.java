package org.isofleet.worker.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.isofleet.protocol.group.CheckpointRef;
import org.isofleet.protocol.metric.EvaluationResult;
import org.isofleet.protocol.study.EvaluationKind;
import org.isofleet.protocol.study.EvaluationSpec;
import org.isofleet.protocol.study.ModelShape;
import org.isofleet.worker.checkpoint.CheckpointRoutes;
import org.isofleet.worker.dl4j.Dl4jEngine;
import org.isofleet.worker.engine.FlatVector;
import org.isofleet.worker.train.Initialization;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The evaluators on the real engine, with parameters as training begins. */
class EngineEvaluationTest {
    private static final EvaluationSpec SPEC =
            new EvaluationSpec(List.of(EvaluationKind.values()), 0, 0, 20, 0, 1.0, 1);

    @TempDir
    private Path store;

    private EvaluationFixture fixture;
    private CheckpointRef checkpoint;

    @BeforeEach
    void initialise() throws Exception {
        fixture = new EvaluationFixture(store, ModelShape.of(8, 3, 32, 2, 16, 2));
        FlatVector parameters = FlatVector.zeros(fixture.shape.allParams());
        new Initialization(fixture.shape, 1).fill(parameters);
        checkpoint = fixture.checkpoint(parameters);
    }

    @Test
    void heldOutLoss_initialParameters_isNearTheUniformGuess() throws Exception {
        EvaluationResult.HeldOutLoss loss = (EvaluationResult.HeldOutLoss) evaluate(EvaluationKind.HELD_OUT_LOSS, 1);
        assertThat(loss.bitsPerDimension()).isCloseTo(5, within(0.1));
        assertThat(loss.standardError()).isPositive();
    }

    @Test
    void linearProbe_brightnessClasses_areReadOffTheEmbedding() throws Exception {
        EvaluationResult.LinearProbe probe = (EvaluationResult.LinearProbe) evaluate(EvaluationKind.LINEAR_PROBE, 2);
        assertThat(probe.layers()).hasSize(3);
        assertThat(probe.top1()).isGreaterThan(0.9);
        assertThat(probe.untrained()).isGreaterThan(0.9); // these classes need no training
    }

    @Test
    void completions_samePointManyLanes_areTheSameSamples() throws Exception {
        EvaluationResult one = evaluate(EvaluationKind.COMPLETIONS, 1);
        EvaluationResult three = evaluate(EvaluationKind.COMPLETIONS, 3);
        assertThat(three).isEqualTo(one);
        EvaluationResult.CompletionDistance distance = (EvaluationResult.CompletionDistance) one;
        assertThat(distance.distance()).isGreaterThan(distance.floor());
    }

    private EvaluationResult evaluate(EvaluationKind kind, int lanes) throws Exception {
        Map<EvaluationKind, Evaluator> all = Evaluators.on(
                new Workbench(
                        Dl4jEngine.factory(), (reference, shape) -> fixture.images, lanes, CheckpointRoutes.local()),
                new EvaluationFixture.HalfMeans());
        return Objects.requireNonNull(all.get(kind)).evaluate(fixture.task(kind, checkpoint, SPEC));
    }
}

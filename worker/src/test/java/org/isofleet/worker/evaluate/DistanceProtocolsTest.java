package org.isofleet.worker.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.isofleet.protocol.group.CheckpointRef;
import org.isofleet.protocol.group.WorkerCommand;
import org.isofleet.protocol.metric.EvaluationResult;
import org.isofleet.protocol.study.DistanceProtocol;
import org.isofleet.protocol.study.EvaluationKind;
import org.isofleet.protocol.study.EvaluationProtocol;
import org.isofleet.protocol.study.EvaluationSpec;
import org.isofleet.protocol.study.FeatureRef;
import org.isofleet.protocol.study.ModelShape;
import org.isofleet.protocol.study.ProbeProtocol;
import org.isofleet.worker.checkpoint.CheckpointRoutes;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a study file can choose of a Fréchet distance and a probe, on an engine with known answers. */
class DistanceProtocolsTest {
    private static final EvaluationProtocol USUAL = EvaluationProtocol.USUAL;

    @TempDir
    private Path store;

    private EvaluationFixture fixture;
    private EvaluationFixture large;

    @BeforeEach
    void open() {
        fixture = new EvaluationFixture(store, ModelShape.of(8, 3, 32, 1, 8, 2));
        large = new EvaluationFixture(store, ModelShape.of(16, 3, 256, 1, 8, 2));
    }

    @Test
    void usualProtocol_isCalledAsBeforeThereWasAChoice() throws Exception {
        EvaluationResult.CompletionDistance usual = distance(spec(40, 0, USUAL));
        assertThat(usual.protocol())
                .startsWith("completions/1: heap:squares:")
                .endsWith(
                        "at 8, 3 channels of 32 levels, top half given, temperature 1.0, 40 completions of 30 test images"
                                + " against 90 train images, seed 1, half means, no FID");
        assertThat(usual.infinity()).isNull();
        assertThat(usual.dimension()).isEqualTo(2);
        assertThat(usual.rankDeficient()).isFalse();
    }

    @Test
    void protocolB_readsReferencesAtTheirOwnSide_andNamesIt() throws Exception {
        EvaluationProtocol b = protocol(DistanceProtocol.B, 16, 0, false);
        EvaluationResult.CompletionDistance result = distance(spec(40, 60, b));
        assertThat(result.measuredBy()).isEqualTo(DistanceProtocol.B);
        assertThat(result.protocol())
                .startsWith("completions/1 B: ")
                .contains("against 60 train images at 16, 256 levels ("
                        + large.images.sha256().substring(0, 12) + ")");
        EvaluationResult.CompletionDistance own = distance(spec(40, 60, USUAL));
        assertThat(result.distance()).isNotEqualTo(own.distance());
        // Large references are as bright: the same completions are about as far away, and the floor is about as low.
        assertThat(result.floor()).isBetween(own.floor() / 3 - 1e-3, 3 * own.floor() + 1e-3);
    }

    @Test
    void samplesPerPrompt_completeFewerImagesMoreOften() throws Exception {
        assertThat(distance(spec(40, 0, protocol(DistanceProtocol.OWN, 0, 8, false)))
                        .protocol())
                .contains("40 completions of 5 test images");
        assertThat(distance(spec(40, 0, protocol(DistanceProtocol.OWN, 0, 1, false)))
                        .protocol())
                .contains("40 completions of 30 test images");
    }

    @Test
    void infinity_isBelowTheDistance_whichFewSamplesRaise() throws Exception {
        EvaluationResult.CompletionDistance result = distance(spec(40, 0, protocol(DistanceProtocol.OWN, 0, 0, true)));
        assertThat(result.infinity()).isNotNull().isLessThan(result.distance());
        assertThat(distance(spec(40, 0, protocol(DistanceProtocol.OWN, 0, 0, true))))
                .isEqualTo(result);
    }

    @Test
    void asManySamplesAsFeatures_areComputedAndLabelled() throws Exception {
        EvaluationResult.CompletionDistance few = distance(spec(2, 0, USUAL));
        assertThat(few.distance()).isPositive().isFinite();
        assertThat(few.rankDeficient()).isTrue();
        assertThat(distance(spec(3, 0, USUAL)).rankDeficient()).isFalse();
        assertThat(distance(spec(40, 2, USUAL)).rankDeficient()).isTrue();
    }

    @Test
    void featuresThatAreNotThoseOfThePlan_areRefused() {
        EvaluationProtocol gone = USUAL.opened("", new FeatureRef("/no/such/card.conf", "a".repeat(64), "8x8"));
        assertThatThrownBy(() -> distance(spec(40, 0, gone)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("there is no card /no/such/card.conf");
    }

    @Test
    void igptProbe_countsImages_andIsAnotherProtocol() throws Exception {
        EvaluationResult.LinearProbe igpt = probe(ProbeProtocol.IGPT);
        EvaluationResult.LinearProbe fast = probe(ProbeProtocol.FAST);
        assertThat(igpt.top1()).isEqualTo(igpt.top1Plain()).isEqualTo(1);
        assertThat(igpt.top5()).isEqualTo(1); // of three classes
        assertThat(igpt.probe()).isEqualTo(ProbeProtocol.IGPT);
        assertThat(igpt.bestLayer()).isEqualTo(1);
        assertThat(igpt.protocol()).startsWith("linear probe/1 igpt: ").contains("images of equal weight");
        assertThat(fast.protocol()).startsWith("linear probe/1: ").contains("L-BFGS of at most 40 steps a penalty");
    }

    private static EvaluationProtocol protocol(
            DistanceProtocol distance, int side, int samplesPerPrompt, boolean infinity) {
        return new EvaluationProtocol(
                ProbeProtocol.FAST,
                distance,
                side,
                side == 0 ? "" : "c".repeat(64),
                samplesPerPrompt,
                infinity,
                FeatureRef.EMBEDDED);
    }

    private static EvaluationSpec spec(int completions, int references, EvaluationProtocol protocol) {
        return new EvaluationSpec(List.of(EvaluationKind.values()), 0, 0, completions, references, 1.0, 1, protocol);
    }

    private EvaluationResult.CompletionDistance distance(EvaluationSpec spec) throws Exception {
        return new CompletionEvaluator(workbench(), new FeatureSource(new EvaluationFixture.HalfMeans()))
                .evaluate(task(EvaluationKind.COMPLETIONS, spec));
    }

    private EvaluationResult.LinearProbe probe(ProbeProtocol probe) throws Exception {
        EvaluationProtocol protocol =
                new EvaluationProtocol(probe, DistanceProtocol.OWN, 0, "", 0, false, FeatureRef.EMBEDDED);
        return new LinearProbeEvaluator(workbench()).evaluate(task(EvaluationKind.LINEAR_PROBE, spec(40, 0, protocol)));
    }

    private WorkerCommand.Evaluate task(EvaluationKind kind, EvaluationSpec spec) throws IOException {
        CheckpointRef checkpoint = fixture.checkpoint(0, 1);
        return fixture.task(kind, checkpoint, spec);
    }

    private Workbench workbench() {
        return new Workbench(
                (shape, lanes, images) -> new ToyEngine(shape, lanes),
                (reference, shape) -> shape.resolution() == 16 ? large.images : fixture.images,
                2,
                CheckpointRoutes.local());
    }
}

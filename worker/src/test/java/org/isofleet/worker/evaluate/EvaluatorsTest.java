package org.isofleet.worker.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.isofleet.protocol.group.CheckpointRef;
import org.isofleet.protocol.metric.EvaluationResult;
import org.isofleet.protocol.study.EvaluationKind;
import org.isofleet.protocol.study.EvaluationSpec;
import org.isofleet.protocol.study.ModelShape;
import org.isofleet.worker.checkpoint.CheckpointRoutes;
import org.isofleet.worker.data.ImageSet.Split;
import org.isofleet.worker.engine.PixelBatch;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EvaluatorsTest {
    private static final EvaluationSpec SPEC =
            new EvaluationSpec(List.of(EvaluationKind.values()), 0, 0, 40, 0, 1.0, 1);

    @TempDir
    private Path store;

    private EvaluationFixture fixture;
    private Map<EvaluationKind, Evaluator> evaluators;

    @BeforeEach
    void open() {
        fixture = new EvaluationFixture(store, ModelShape.of(8, 3, 32, 1, 8, 2));
        evaluators = evaluators(2);
    }

    private Map<EvaluationKind, Evaluator> evaluators(int lanes) {
        return Evaluators.on(
                new Workbench(
                        (shape, l, images) -> new ToyEngine(shape, l),
                        (reference, shape) -> fixture.images,
                        lanes,
                        CheckpointRoutes.local()),
                new EvaluationFixture.HalfMeans());
    }

    @Test
    void heldOutLoss_uniformModel_isTheLogOfTheLevels() throws Exception {
        EvaluationResult.HeldOutLoss loss =
                (EvaluationResult.HeldOutLoss) evaluate(EvaluationKind.HELD_OUT_LOSS, fixture.checkpoint(0, 0), SPEC);
        assertThat(loss.natsPerPixel()).isCloseTo(3 * Math.log(32), within(1e-9));
        assertThat(loss.bitsPerDimension()).isCloseTo(5, within(1e-9));
        assertThat(loss.standardError()).isCloseTo(0, within(1e-9));
        assertThat(loss.images()).isEqualTo(EvaluationFixture.TEST_IMAGES);
        assertThat(loss.protocol()).contains("30 test images").contains("3 channels of 32 levels");
    }

    @Test
    void heldOutLoss_lossThatDependsOnTheImage_hasMeanAndErrorOfTheImages() throws Exception {
        EvaluationResult.HeldOutLoss loss = (EvaluationResult.HeldOutLoss) evaluate(
                EvaluationKind.HELD_OUT_LOSS,
                fixture.checkpoint(0.25f, 0),
                new EvaluationSpec(List.of(), 10, 0, 2, 0, 1, 1));
        double[] expected = new double[10];
        PixelBatch batch = new ImageSample(fixture.images, Split.TEST, 10).batch(0, 10);
        for (int i = 0; i < 10; i++) {
            for (int t = 0; t < 64; t++) {
                expected[i] += 0.25 * (batch.values()[i * 192 + t] & 0xFF) / 64;
            }
        }
        double mean = java.util.Arrays.stream(expected).average().orElseThrow();
        double variance = java.util.Arrays.stream(expected)
                        .map(e -> (e - mean) * (e - mean))
                        .sum()
                / 9;
        assertThat(loss.natsPerPixel()).isCloseTo(3 * Math.log(32) + mean, within(1e-6));
        assertThat(loss.standardError()).isCloseTo(Math.sqrt(variance / 10), within(1e-6));
        assertThat(loss.images()).isEqualTo(10);
    }

    @Test
    void linearProbe_classesInTheLastLayer_choosesItAndBeatsWhatStandsBeside() throws Exception {
        EvaluationResult.LinearProbe probe =
                (EvaluationResult.LinearProbe) evaluate(EvaluationKind.LINEAR_PROBE, fixture.checkpoint(0, 1), SPEC);
        assertThat(probe.bestLayer()).isEqualTo(1);
        assertThat(probe.top1()).isEqualTo(1);
        assertThat(probe.top5()).isEqualTo(1);
        assertThat(probe.majority()).isCloseTo(1.0 / 3, within(1e-12));
        assertThat(probe.untrained()).isLessThan(0.7);
        assertThat(probe.rawPixels()).isEqualTo(1);
        assertThat(probe.layers())
                .extracting(EvaluationResult.LayerAccuracy::layer)
                .containsExactly(0, 1);
        assertThat(probe.trainImages()).isEqualTo(90);
    }

    @Test
    void completions_modelThatContinuesTheTopHalf_isCloserThanNoise() throws Exception {
        EvaluationResult.CompletionDistance good = (EvaluationResult.CompletionDistance)
                evaluate(EvaluationKind.COMPLETIONS, fixture.checkpoint(0, 1), SPEC);
        EvaluationResult.CompletionDistance noise = (EvaluationResult.CompletionDistance)
                evaluate(EvaluationKind.COMPLETIONS, fixture.checkpoint(0, 0), SPEC);
        assertThat(good.distance()).isLessThan(noise.distance() / 5);
        assertThat(good.floor()).isEqualTo(noise.floor()).isLessThan(noise.distance() / 5);
        assertThat(good.generated()).isEqualTo(40);
        assertThat(good.protocol()).isEqualTo(noise.protocol()).contains("40 completions of 30 test images");
    }

    @Test
    void completions_picture_showsOriginalsAboveCompletionsWithEqualTopHalves() throws Exception {
        EvaluationResult.CompletionDistance result = (EvaluationResult.CompletionDistance)
                evaluate(EvaluationKind.COMPLETIONS, fixture.checkpoint(0, 0), SPEC);
        byte[] png = Base64.getDecoder().decode(result.samplesPng());
        assertThat(png).hasSizeLessThanOrEqualTo(SamplePicture.MOST_BYTES);
        BufferedImage picture = ImageIO.read(new ByteArrayInputStream(png));
        assertThat(picture.getWidth()).isEqualTo(8 * 9 + 1);
        assertThat(picture.getHeight()).isEqualTo(4 * 9 + 1);
        int different = 0;
        for (int x = 1; x < 9; x++) {
            for (int y = 1; y < 9; y++) {
                boolean same = picture.getRGB(x, y) == picture.getRGB(x, y + 9);
                assertThat(same || y > 4).isTrue();
                different += same ? 0 : 1;
            }
        }
        assertThat(different).isGreaterThan(16);
        byte first = new ImageSample(fixture.images, Split.TEST, 0).batch(0, 1).values()[0];
        assertThat(picture.getRGB(1, 1) >> 16 & 0xFF).isEqualTo(first * 255 / 31);
    }

    @Test
    void allKinds_anyNumberOfLanes_giveTheSameResult() throws Exception {
        CheckpointRef checkpoint = fixture.checkpoint(0.25f, 0);
        Map<EvaluationKind, Evaluator> three = evaluators(3);
        Map<EvaluationKind, Evaluator> one = evaluators(1);
        for (EvaluationKind kind : EvaluationKind.values()) {
            assertThat(evaluator(three, kind).evaluate(fixture.task(kind, checkpoint, SPEC)))
                    .isEqualTo(evaluator(one, kind).evaluate(fixture.task(kind, checkpoint, SPEC)));
        }
    }

    @Test
    void damagedAndMissingCheckpoint_areOneLineWithTheFile() throws Exception {
        CheckpointRef checkpoint = fixture.checkpoint(0, 0);
        Path parameters;
        try (Stream<Path> files = Files.walk(store)) {
            parameters = files.filter(f -> f.endsWith("parameters.safetensors"))
                    .findFirst()
                    .orElseThrow();
        }
        byte[] bytes = Files.readAllBytes(parameters);
        bytes[bytes.length - 3] ^= 1;
        Files.write(parameters, bytes);
        for (EvaluationKind kind : EvaluationKind.values()) {
            assertThatThrownBy(() -> evaluate(kind, checkpoint, SPEC))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("parameters.safetensors");
        }
        CheckpointRef missing = new CheckpointRef(fixture.spec.id(), 10, checkpoint.digest(), "step-000000000010-gone");
        assertThatThrownBy(() -> evaluate(EvaluationKind.HELD_OUT_LOSS, missing, SPEC))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("step-000000000010-gone")
                .satisfies(e -> assertThat(e.getMessage()).doesNotContain("\n"));
    }

    @Test
    void interrupt_endsTheEvaluation() throws Exception {
        CheckpointRef checkpoint = fixture.checkpoint(0, 1);
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> evaluate(EvaluationKind.COMPLETIONS, checkpoint, SPEC))
                .isInstanceOf(InterruptedException.class);
        assertThat(Thread.interrupted()).isFalse();
    }

    private EvaluationResult evaluate(EvaluationKind kind, CheckpointRef checkpoint, EvaluationSpec spec)
            throws IOException, InterruptedException {
        return evaluator(evaluators, kind).evaluate(fixture.task(kind, checkpoint, spec));
    }

    private static Evaluator evaluator(Map<EvaluationKind, Evaluator> all, EvaluationKind kind) {
        return java.util.Objects.requireNonNull(all.get(kind));
    }
}

package org.isofleet.worker.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.awaitility.Awaitility;
import org.isofleet.protocol.group.CheckpointRef;
import org.isofleet.protocol.group.Divergence;
import org.isofleet.protocol.group.GroupPlan;
import org.isofleet.protocol.group.Member;
import org.isofleet.protocol.group.RunReport;
import org.isofleet.protocol.group.StartPoint;
import org.isofleet.protocol.study.RunSpec;
import org.isofleet.worker.checkpoint.CheckpointStore;
import org.isofleet.worker.checkpoint.ParameterDigest;
import org.isofleet.worker.engine.EngineFactory;
import org.isofleet.worker.engine.FlatVector;
import org.isofleet.worker.engine.PixelBatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SoloTrainingTest {
    private static final byte[] SECRET = "a secret of the cluster".getBytes(StandardCharsets.UTF_8);

    @TempDir
    Path store;

    @Test
    void run_trainedAlone_finishesWithCheckpointAndFallingLoss() throws IOException {
        RecordedReports reports = new RecordedReports();
        RunSpec spec = SmallRuns.spec(60, 8);

        RunReport.TrainingFinished finished = train(spec, 1, reports);

        assertThat(finished.checkpoint().step()).isEqualTo(60);
        Path folder = new CheckpointStore(store).folder(finished.checkpoint());
        assertThat(ParameterDigest.of(folder))
                .isEqualTo(new ParameterDigest(
                        finished.checkpoint().digest(), spec.shape().allParams(), 60));
        assertThat(reports.steps.get(reports.steps.size() - 1).step()).isEqualTo(60);
        assertThat(reports.steps.get(reports.steps.size() - 1).lossNatsPerPixel())
                .isLessThan(0.6 * 3 * Math.log(16));
        assertThat(reports.reports.stream().filter(RunReport.CheckpointWritten.class::isInstance))
                .hasSize(5);
    }

    @Test
    void digest_threeLanes_equalsOneLane() throws IOException {
        RunSpec spec = SmallRuns.spec(20, 8);
        RunReport.TrainingFinished one = train(spec, 1, new RecordedReports());
        RunReport.TrainingFinished three = train(spec, 3, new RecordedReports());

        assertThat(three.checkpoint().digest()).isEqualTo(one.checkpoint().digest());
        assertThat(three.chain()).isEqualTo(one.chain());
    }

    @Test
    void digest_otherSeed_differs() throws IOException {
        RunReport.TrainingFinished one = train(SmallRuns.spec(5, 8, 0.01, 1), 1, new RecordedReports());
        RunReport.TrainingFinished other = train(SmallRuns.spec(5, 8, 0.01, 2), 1, new RecordedReports());

        assertThat(other.checkpoint().digest()).isNotEqualTo(one.checkpoint().digest());
    }

    /** Which one is read instead, the journal says: another file may hold what the members did not agree on. */
    @Test
    void checkpoint_damaged_isNotReplacedByAnotherFile_andIsWrittenAgain() throws IOException {
        RunSpec spec = SmallRuns.spec(40, 8);
        RecordedReports before = new RecordedReports();
        RunReport.TrainingFinished quiet = train(spec, 1, before);
        CheckpointRef thirty = written(before, 30);
        Path file = new CheckpointStore(store).folder(thirty).resolve("parameters.safetensors");
        Files.write(file, new byte[100]);
        assertUnreadable(spec, thirty);

        RecordedReports after = new RecordedReports();
        RunReport.TrainingFinished again = train(spec, 1, after, new StartPoint.FromCheckpoint(written(before, 20)));
        RunReport.GroupRunning running = after.await(RunReport.GroupRunning.class);
        assertThat(running.step()).isEqualTo(20);
        assertThat(running.readCheckpoint()).isTrue();
        assertThat(again.checkpoint()).isEqualTo(quiet.checkpoint());
        assertThat(again.chain()).isEqualTo(quiet.chain());
        assertThat(written(after, 30)).isEqualTo(thirty);
        assertThat(ParameterDigest.of(file).sha256()).isEqualTo(thirty.digest());
    }

    /** A bit of the chain, of which the tensors' digests know nothing. */
    @Test
    void manifest_damaged_isUnreadable() throws IOException {
        RunSpec spec = SmallRuns.spec(40, 8);
        RecordedReports before = new RecordedReports();
        train(spec, 1, before);
        CheckpointRef thirty = written(before, 30);
        Path manifest = new CheckpointStore(store).folder(thirty).resolve("manifest.json");
        String whole = Files.readString(manifest);
        int at = whole.indexOf("\"chain\"") + "\"chain\" : \"".length();
        Files.writeString(
                manifest, whole.substring(0, at) + (whole.charAt(at) == '0' ? '1' : '0') + whole.substring(at + 1));
        assertUnreadable(spec, thirty);
    }

    private void assertUnreadable(RunSpec spec, CheckpointRef checkpoint) throws IOException {
        RecordedReports reports = new RecordedReports();
        try (LocalTrainingHost host = begin(spec, 1, reports, new StartPoint.FromCheckpoint(checkpoint))) {
            assertThat(reports.await(RunReport.CheckpointUnreadable.class).checkpoint())
                    .isEqualTo(checkpoint);
            assertThat(host.held()).isNull();
        }
    }

    private static CheckpointRef written(RecordedReports reports, long step) {
        return reports.reports.stream()
                .filter(RunReport.CheckpointWritten.class::isInstance)
                .map(r -> ((RunReport.CheckpointWritten) r).checkpoint())
                .filter(c -> c.step() == step)
                .findFirst()
                .orElseThrow();
    }

    @Test
    void checkpoint_missingWithNoneBefore_isReported() throws IOException {
        RunSpec spec = SmallRuns.spec(40, 8);
        CheckpointRef missing = new CheckpointRef(spec.id(), 10, "0".repeat(64), "step-000000000010-0");
        RecordedReports reports = new RecordedReports();
        try (LocalTrainingHost host = begin(spec, 1, reports, new StartPoint.FromCheckpoint(missing))) {
            RunReport.CheckpointUnreadable unreadable = reports.await(RunReport.CheckpointUnreadable.class);
            assertThat(unreadable.checkpoint()).isEqualTo(missing);
            assertThat(unreadable.reason()).contains("is missing");
            assertThat(host.held()).isNull();
        }
    }

    @Test
    void store_thatCannotBeWritten_stopsNoStepAndGetsTheLastWhenItCan() throws IOException {
        store = Files.writeString(store.resolve("file"), "no folder");
        RecordedReports reports = new RecordedReports();
        try (LocalTrainingHost host = begin(SmallRuns.spec(25, 8), 1, reports, new StartPoint.Fresh())) {
            Awaitility.await().until(() -> failedSteps(reports).size() == 3);
            assertThat(failedSteps(reports)).containsExactly(10L, 20L, 25L);
            assertThat(Objects.requireNonNull(host.held()).step()).isEqualTo(25);
            Files.delete(store);
            RunReport.TrainingFinished finished = reports.await(RunReport.TrainingFinished.class);
            new CheckpointStore(store).open(finished.checkpoint()).verify();
            assertThat(failedSteps(reports)).hasSize(3);
        }
    }

    private static List<Long> failedSteps(RecordedReports reports) {
        return reports.reports.stream()
                .filter(RunReport.CheckpointFailed.class::isInstance)
                .map(r -> ((RunReport.CheckpointFailed) r).step())
                .toList();
    }

    @Test
    void loss_thatIsNoNumber_failsWithItsStep() throws IOException {
        RecordedReports reports = new RecordedReports();
        try (LocalTrainingHost host = begin(SmallRuns.spec(25, 8, 1e30, 1), 1, reports, new StartPoint.Fresh())) {
            assertThat(reports.await(RunReport.TrainingFailed.class).reason())
                    .matches("step \\d+ has loss .* a lower learning rate may mend it");
            assertThat(host.tokensPerSecond()).isGreaterThanOrEqualTo(0);
        }
    }

    @Test
    void loss_thatIsNoNumber_isToldAlikeByWhoComputesItAgain() throws IOException {
        RunSpec spec = SmallRuns.spec(25, 8, 1e30, 1);
        Divergence first = diverged(spec, 1, (shape, lanes, images) -> new BigramEngine(shape, lanes));
        assertThat(diverged(spec, 3, (shape, lanes, images) -> new BigramEngine(shape, lanes)))
                .isEqualTo(first);
        Divergence flipped = diverged(spec, 1, (shape, lanes, images) -> new BigramEngine(shape, lanes) {
            @Override
            public double gradient(int lane, PixelBatch shard, FlatVector gradient) {
                super.gradient(lane, shard, gradient);
                return Double.NaN;
            }
        });
        assertThat(flipped).isNotEqualTo(first);
    }

    /** A finite loss can be past help too. */
    @Test
    void loss_tenTimesThatOfGuessing_isNone() throws IOException {
        RunSpec spec = SmallRuns.spec(2, 8);
        for (double times : new double[] {9.9, 10.1}) {
            EngineFactory engines = (shape, lanes, images) -> new BigramEngine(shape, lanes) {
                @Override
                public double gradient(int lane, PixelBatch shard, FlatVector gradient) {
                    super.gradient(lane, shard, gradient);
                    return times * shard.images() * shard.tokens() * shape().channels() * Math.log(shape().levels());
                }
            };
            RecordedReports reports = new RecordedReports();
            try (LocalTrainingHost host = begin(spec, 1, reports, new StartPoint.Fresh(), engines)) {
                if (times < 10) {
                    reports.await(RunReport.TrainingFinished.class);
                } else {
                    assertThat(reports.await(RunReport.TrainingFailed.class).diverged())
                            .isTrue();
                    assertThat(host.held()).isNotNull();
                }
            }
        }
    }

    private Divergence diverged(RunSpec spec, int lanes, EngineFactory engines) throws IOException {
        RecordedReports reports = new RecordedReports();
        try (LocalTrainingHost host = begin(spec, lanes, reports, new StartPoint.Fresh(), engines)) {
            Divergence divergence = Objects.requireNonNull(
                    reports.await(RunReport.TrainingFailed.class).divergence());
            assertThat(Objects.requireNonNull(host.held()).step()).isEqualTo(divergence.step() - 1);
            return divergence;
        }
    }

    private RunReport.TrainingFinished train(RunSpec spec, int lanes, RecordedReports reports) throws IOException {
        return train(spec, lanes, reports, new StartPoint.Fresh());
    }

    private RunReport.TrainingFinished train(RunSpec spec, int lanes, RecordedReports reports, StartPoint from)
            throws IOException {
        try (LocalTrainingHost host = begin(spec, lanes, reports, from)) {
            RunReport.TrainingFinished finished = reports.await(RunReport.TrainingFinished.class);
            assertThat(Objects.requireNonNull(host.held()).step()).isEqualTo(spec.steps());
            return finished;
        }
    }

    private LocalTrainingHost begin(RunSpec spec, int lanes, RecordedReports reports, StartPoint from)
            throws IOException {
        return begin(spec, lanes, reports, from, (shape, l, images) -> new BigramEngine(shape, l));
    }

    private LocalTrainingHost begin(
            RunSpec spec, int lanes, RecordedReports reports, StartPoint from, EngineFactory engines)
            throws IOException {
        LocalTrainingHost host = new LocalTrainingHost(
                "w1", 1, "127.0.0.1", SECRET, engines, (reference, shape) -> SmallRuns.images(), lanes, reports);
        host.prepare(new GroupPlan(spec, 1, List.of(new Member("w1", 1, host.bulkAddress())), store.toString()));
        assertThat(reports.await(RunReport.GroupPrepared.class).held()).isNull();
        host.start(spec.id(), 1, from);
        return host;
    }
}

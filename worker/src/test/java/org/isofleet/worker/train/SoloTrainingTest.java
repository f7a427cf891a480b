package org.isofleet.worker.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.isofleet.protocol.group.GroupPlan;
import org.isofleet.protocol.group.Member;
import org.isofleet.protocol.group.RunReport;
import org.isofleet.protocol.group.StartPoint;
import org.isofleet.protocol.study.RunSpec;
import org.isofleet.worker.checkpoint.CheckpointStore;
import org.isofleet.worker.checkpoint.ParameterDigest;
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

    private RunReport.TrainingFinished train(RunSpec spec, int lanes, RecordedReports reports) throws IOException {
        try (LocalTrainingHost host = new LocalTrainingHost(
                "w1",
                1,
                "127.0.0.1",
                SECRET,
                (shape, l, images) -> new BigramEngine(shape, l),
                (reference, shape) -> SmallRuns.images(),
                lanes,
                reports)) {
            GroupPlan plan = new GroupPlan(spec, 1, List.of(new Member("w1", 1, host.bulkAddress())), store.toString());
            host.prepare(plan);
            assertThat(reports.await(RunReport.GroupPrepared.class).held()).isNull();
            host.start(spec.id(), 1, new StartPoint.Fresh());
            return reports.await(RunReport.TrainingFinished.class);
        }
    }
}

package org.isofleet.worker.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.isofleet.protocol.group.GroupPlan;
import org.isofleet.protocol.group.HeldState;
import org.isofleet.protocol.group.Member;
import org.isofleet.protocol.group.RunReport;
import org.isofleet.protocol.group.StartPoint;
import org.isofleet.protocol.study.RunSpec;
import org.isofleet.worker.engine.EngineFactory;
import org.isofleet.worker.engine.GradientDigest;
import org.isofleet.worker.engine.PixelEngine;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a worker says when it is put into a group. */
class PreparingTest {
    private static final EngineFactory BIGRAM = (shape, lanes, images) -> new BigramEngine(shape, lanes);

    @TempDir
    Path store;

    @Test
    void digest_isThatOfTheRunsShapes_andTheStateHeldIsLeftAsItWas() throws IOException {
        RunSpec spec = SmallRuns.spec(20, 8);
        String expected;
        try (PixelEngine engine = new BigramEngine(spec.shape(), 1)) {
            expected = GradientDigest.of(engine, spec.shardImages());
        }
        RecordedReports reports = new RecordedReports();
        try (LocalTrainingHost host = host(BIGRAM, reports)) {
            host.prepare(plan(spec, 1, host));
            RunReport.GroupPrepared first = reports.await(RunReport.GroupPrepared.class);
            assertThat(first.gradientDigest()).isEqualTo(expected);
            assertThat(first.held()).isNull();
            host.start(spec.id(), 1, new StartPoint.Fresh());
            reports.await(RunReport.TrainingFinished.class);
            int before = reports.reports.size();
            host.prepare(plan(spec, 2, host));
            RunReport.GroupPrepared again = reports.await(RunReport.GroupPrepared.class, before);
            assertThat(again.gradientDigest()).isEqualTo(expected);
            HeldState held = Objects.requireNonNull(again.held());
            host.start(spec.id(), 2, new StartPoint.FromMember("w1", held.step(), held.stateHash()));
            RunReport.TrainingFinished finished = reports.await(RunReport.TrainingFinished.class, before);
            assertThat(finished.checkpoint())
                    .isEqualTo(reports.await(RunReport.TrainingFinished.class).checkpoint());
        }
    }

    @Test
    void memoryThatDoesNotSuffice_isToldInOneLine_andTheNextRunIsTaken() throws IOException {
        RunSpec large = SmallRuns.spec(20, 8);
        RunSpec small = SmallRuns.spec(10, 8);
        EngineFactory engines = new EngineFactory() {
            private int made;

            @Override
            public PixelEngine create(org.isofleet.protocol.study.ModelShape shape, int lanes, int images) {
                if (made++ == 0) {
                    throw new OutOfMemoryError("Cannot allocate 17 GiB");
                }
                return new BigramEngine(shape, lanes);
            }
        };
        RecordedReports reports = new RecordedReports();
        try (LocalTrainingHost host = host(engines, reports)) {
            host.prepare(plan(large, 1, host));
            assertThat(reports.await(RunReport.TrainingFailed.class).reason())
                    .isEqualTo(
                            "not enough memory: Cannot allocate 17 GiB; give the worker more or train a smaller shape");
            host.prepare(plan(small, 1, host));
            assertThat(reports.await(RunReport.GroupPrepared.class).runId()).isEqualTo(small.id());
        }
    }

    @Test
    void memoryThatCannotBeFreed_keepsNoOtherRunOut() throws IOException {
        RunSpec one = SmallRuns.spec(20, 8);
        RunSpec other = SmallRuns.spec(10, 8);
        EngineFactory engines = (shape, lanes, images) -> new BigramEngine(shape, lanes) {
            @Override
            public void close() {
                super.close();
                System.load(store.resolve("no-such-library.so").toString());
            }
        };
        RecordedReports reports = new RecordedReports();
        try (LocalTrainingHost host = host(engines, reports)) {
            host.prepare(plan(one, 1, host));
            reports.await(RunReport.GroupPrepared.class);
            host.prepare(plan(other, 1, host));
            assertThat(reports.await(RunReport.GroupPrepared.class, 1).runId()).isEqualTo(other.id());
            host.release(other.id(), 1);
            host.prepare(plan(other, 2, host));
            assertThat(reports.await(RunReport.GroupPrepared.class, 2).generation())
                    .isEqualTo(2);
        }
    }

    private GroupPlan plan(RunSpec spec, long generation, LocalTrainingHost host) {
        return new GroupPlan(spec, generation, List.of(new Member("w1", 1, host.bulkAddress())), store.toString());
    }

    private static LocalTrainingHost host(EngineFactory engines, RecordedReports reports) throws IOException {
        return new LocalTrainingHost(
                "w1", 1, "127.0.0.1", new byte[32], engines, (reference, shape) -> SmallRuns.images(), 1, reports);
    }
}

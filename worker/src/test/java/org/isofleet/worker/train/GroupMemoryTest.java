package org.isofleet.worker.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.bytedeco.javacpp.Pointer;
import org.isofleet.protocol.group.GroupPlan;
import org.isofleet.protocol.group.Member;
import org.isofleet.protocol.group.RunReport;
import org.isofleet.protocol.group.StartPoint;
import org.isofleet.protocol.metric.StepMetrics;
import org.isofleet.protocol.study.Budget;
import org.isofleet.protocol.study.ImageSetRef;
import org.isofleet.protocol.study.MemoryEstimate;
import org.isofleet.protocol.study.ModelShape;
import org.isofleet.protocol.study.OptimizerSpec;
import org.isofleet.protocol.study.RunId;
import org.isofleet.protocol.study.RunSpec;
import org.isofleet.protocol.study.ScheduleSpec;
import org.isofleet.worker.dl4j.Dl4jEngine;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The planner's estimate against what two members of a group take from the machine. */
class GroupMemoryTest {
    private static final byte[] SECRET = "a secret of the cluster".getBytes(StandardCharsets.UTF_8);
    /** So many parameters that nothing else counts. */
    private static final ModelShape SHAPE = ModelShape.of(4, 3, 16, 3, 384, 6);

    @TempDir
    Path store;

    @Test
    void estimate_ofTwoMembers_isWithinAQuarterOfWhatTheyTake() throws Exception {
        long process = most(spec(SmallRuns.SHAPE)); // libraries, heap
        long taken = most(spec(SHAPE)) - process;
        double estimate = 2.0 * MemoryEstimate.trainingBytes(SHAPE, 1, 4);
        assertThat((double) taken).isBetween(0.75 * estimate, 1.1 * estimate);
    }

    /** The most memory that this process has while two members train. */
    private long most(RunSpec spec) throws Exception {
        Witness witness = new Witness();
        try (LocalTrainingHost a = host("a", witness);
                LocalTrainingHost b = host("b", witness)) {
            List<Member> members = List.of(new Member("a", 1, a.bulkAddress()), new Member("b", 1, b.bulkAddress()));
            GroupPlan plan = new GroupPlan(spec, 1, members, store.toString());
            a.prepare(plan);
            b.prepare(plan);
            assertThat(witness.prepared.await(30, TimeUnit.SECONDS)).isTrue();
            a.start(spec.id(), 1, new StartPoint.Fresh());
            b.start(spec.id(), 1, new StartPoint.Fresh());
            assertThat(witness.finished.await(60, TimeUnit.SECONDS)).isTrue();
        }
        return witness.most.get();
    }

    private static LocalTrainingHost host(String id, TrainingListener listener) throws IOException {
        return new LocalTrainingHost(
                id,
                1,
                "127.0.0.1",
                SECRET,
                Dl4jEngine.factory(),
                (reference, shape) -> SmallRuns.images(),
                1,
                listener);
    }

    private static RunSpec spec(ModelShape shape) {
        return new RunSpec(
                shape,
                new ImageSetRef("heap:", SmallRuns.images().sha256(), SmallRuns.IMAGES),
                new Budget(1e9),
                6,
                4,
                4,
                OptimizerSpec.of(0.001, 0.95),
                ScheduleSpec.cosine(2, 0.1),
                "dl4j",
                "fp32",
                1,
                3,
                true);
    }

    /** Looks at the process whenever there is something to report: among others when a checkpoint was written from its copy. */
    private static final class Witness implements TrainingListener {
        private final AtomicLong most = new AtomicLong();
        private final CountDownLatch prepared = new CountDownLatch(2);
        private final CountDownLatch finished = new CountDownLatch(1);

        /** What is its own, and what members share: JavaCPP leaves out the latter. */
        private static long bytes() {
            try (Stream<String> lines = Files.lines(Path.of("/proc/self/status"))) {
                return Pointer.physicalBytes()
                        + 1024
                                * lines.filter(line -> line.startsWith("RssShmem:"))
                                        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                                        .sum();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public void report(RunReport report) {
            most.accumulateAndGet(bytes(), Math::max);
            if (report instanceof RunReport.GroupPrepared) {
                prepared.countDown();
            } else if (report instanceof RunReport.TrainingFinished) {
                finished.countDown();
            }
        }

        @Override
        public void steps(RunId runId, long generation, List<StepMetrics> steps, double tokensPerSecond) {
            most.accumulateAndGet(bytes(), Math::max);
        }
    }
}

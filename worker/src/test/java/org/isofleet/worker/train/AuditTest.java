package org.isofleet.worker.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import org.isofleet.protocol.group.GroupPlan;
import org.isofleet.protocol.group.Member;
import org.isofleet.protocol.group.RunReport;
import org.isofleet.protocol.group.StartPoint;
import org.isofleet.protocol.study.RunSpec;
import org.isofleet.worker.engine.FlatVector;
import org.isofleet.worker.engine.PixelBatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Bits that flip at one member of a group: what the members say, and what they keep to themselves. */
class AuditTest {
    private static final byte[] SECRET = "a secret of the cluster".getBytes(StandardCharsets.UTF_8);

    /** Steps 1 to 25, a checkpoint every 10, so that step 20 begins after 19 of them. */
    private static final RunSpec SPEC = SmallRuns.spec(25, 8);

    @TempDir
    Path store;

    private final List<Worker> workers = new ArrayList<>();

    /** What goes wrong at a member, in which of its gradients. */
    private enum Flip {
        NONE,
        PARAMETER,
        GRADIENT,
        EVERY_GRADIENT
    }

    private static FlatVector flipped(FlatVector vector) {
        long at = vector.length() - 1;
        while (vector.get(at) == 0) {
            at--;
        }
        vector.set(at, Float.intBitsToFloat(Float.floatToRawIntBits(vector.get(at)) ^ 1 << 20));
        return vector;
    }

    private final class Worker {
        final String id;
        final RecordedReports reports = new RecordedReports();
        final LocalTrainingHost host;

        /** Without the one that tells the kernel class. */
        final AtomicInteger gradients = new AtomicInteger(-1);

        Worker(String id, Flip flip, int atGradient) throws IOException {
            this.id = id;
            host = new LocalTrainingHost(
                    id,
                    1,
                    "127.0.0.1",
                    SECRET,
                    (shape, lanes, images) -> new BigramEngine(shape, lanes) {
                        @Override
                        public double gradient(int lane, PixelBatch shard, FlatVector gradient) {
                            boolean now = gradients.incrementAndGet() == atGradient;
                            if (now && flip == Flip.PARAMETER) {
                                flipped(parameters());
                            }
                            double loss = super.gradient(lane, shard, gradient);
                            if ((now && flip == Flip.GRADIENT) || flip == Flip.EVERY_GRADIENT) {
                                flipped(gradient);
                            }
                            return loss;
                        }
                    },
                    (reference, shape) -> SmallRuns.images(),
                    1,
                    reports);
            workers.add(this);
        }
    }

    @AfterEach
    void close() {
        workers.forEach(w -> w.host.close());
    }

    private Worker[] group(int members, Flip flip, int atGradientOfLast) throws IOException {
        Worker[] group = new Worker[members];
        for (int i = 0; i < members; i++) {
            boolean last = i == members - 1;
            group[i] = new Worker("w" + i, last ? flip : Flip.NONE, atGradientOfLast);
        }
        return group;
    }

    private void begin(double audit, Worker... members) {
        GroupPlan plan = new GroupPlan(
                SPEC,
                1,
                Arrays.stream(members)
                        .map(w -> new Member(w.id, 1, w.host.bulkAddress()))
                        .toList(),
                store.toString(),
                audit);
        for (Worker member : members) {
            member.host.prepare(plan);
            member.reports.await(RunReport.GroupPrepared.class);
        }
        for (Worker member : members) {
            member.host.start(SPEC.id(), 1, new StartPoint.Fresh());
        }
    }

    private static List<Long> committable(Worker worker) {
        return worker.reports.reports.stream()
                .filter(RunReport.CheckpointWritten.class::isInstance)
                .map(r -> ((RunReport.CheckpointWritten) r).checkpoint().step())
                .toList();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void auditedRun_hasTheBitsOfOneThatIsNot_andComputesTwice(int members) throws IOException {
        Worker quiet = new Worker("quiet", Flip.NONE, 0);
        begin(0, quiet);
        RunReport.TrainingFinished expected = quiet.reports.await(RunReport.TrainingFinished.class);
        Worker[] group = group(members, Flip.NONE, 0);
        begin(1, group);
        RunReport.TrainingFinished finished = group[0].reports.await(RunReport.TrainingFinished.class);
        for (Worker member : group) {
            member.reports.await(RunReport.GroupRunning.class);
        }
        assertThat(finished.checkpoint()).isEqualTo(expected.checkpoint());
        assertThat(finished.chain()).isEqualTo(expected.chain());
        assertThat(Arrays.stream(group).mapToInt(w -> w.gradients.get()).sum()).isEqualTo(2 * quiet.gradients.get());
    }

    @Test
    void wrongGradient_ofThree_namesWhoComputedIt() throws IOException {
        Worker[] group = group(3, Flip.GRADIENT, 30);
        begin(1, group);
        for (Worker member : group) {
            RunReport.StatesDiffer differ = member.reports.await(RunReport.StatesDiffer.class);
            assertThat(differ.culprit()).isEqualTo("w2");
            assertThat(differ.reason()).contains("computed 3 times", "w2 computed wrongly");
            assertThat(differ.step()).isBetween(4L, 8L);
            assertThat(member.host.held()).isNull();
        }
    }

    /** The 30th gradient is of the first pass, the 32nd of the second. */
    @ParameterizedTest
    @ValueSource(ints = {30, 32})
    void wrongGradient_ofTwo_namesWhoContradictsItself(int gradient) throws IOException {
        Worker[] group = group(2, Flip.GRADIENT, gradient);
        begin(1, group);
        for (Worker member : group) {
            RunReport.StatesDiffer differ = member.reports.await(RunReport.StatesDiffer.class);
            assertThat(differ.culprit()).isEqualTo("w1");
            assertThat(differ.reason()).contains("computed 4 times", "w1 computed wrongly");
        }
    }

    @Test
    void gradientThatIsAlwaysWrong_ofTwo_isRefusedAndNobodyNamed() throws IOException {
        Worker[] group = group(2, Flip.EVERY_GRADIENT, 30);
        begin(1, group);
        for (Worker member : group) {
            RunReport.StatesDiffer differ = member.reports.await(RunReport.StatesDiffer.class);
            assertThat(differ.culprit()).isNull();
            assertThat(differ.reason()).contains("one of w0, w1 computed wrongly");
        }
    }

    @Test
    void wrongGradient_ofOneByItself_isFoundByComputingAgain() throws IOException {
        Worker[] group = group(1, Flip.GRADIENT, 30);
        begin(1, group);
        assertThat(group[0].reports.await(RunReport.StatesDiffer.class).culprit())
                .isEqualTo("w0");
    }

    @Test
    void changedParameter_inAnAuditedStep_namesWhoseItIs() throws IOException {
        Worker[] group = group(2, Flip.PARAMETER, 30);
        begin(1, group);
        for (Worker member : group) {
            RunReport.StatesDiffer differ = member.reports.await(RunReport.StatesDiffer.class);
            assertThat(differ.culprit()).isEqualTo("w1");
            assertThat(differ.reason()).contains("its memory changed");
        }
    }

    /** Four gradients a step: the 78th is of step 20, whose sum it spoils for all before any hash differs. */
    @Test
    void changedParameter_beforeTheGradientOfACheckpoint_itIsNotTold() throws IOException {
        Worker[] group = group(2, Flip.PARAMETER, 78);
        begin(0, group);
        for (Worker member : group) {
            RunReport.StatesDiffer differ = member.reports.await(RunReport.StatesDiffer.class);
            assertThat(differ.step()).isEqualTo(20);
            assertThat(differ.culprit()).isNull();
        }
        assertThat(committable(group[0])).containsExactly(10L);
    }

    @Test
    void changedParameter_beforeTheLastGradient_trainingIsNotOver() throws IOException {
        Worker[] group = group(2, Flip.PARAMETER, 98);
        begin(0, group);
        for (Worker member : group) {
            assertThat(member.reports.await(RunReport.StatesDiffer.class).step())
                    .isEqualTo(25);
            assertThat(member.reports.reports).noneMatch(RunReport.TrainingFinished.class::isInstance);
        }
    }

    @Test
    void changedParameter_ofThreeWithoutAudit_namesWhoseItIs() throws IOException {
        Worker[] group = group(3, Flip.PARAMETER, 20);
        begin(0, group);
        for (Worker member : group) {
            assertThat(member.reports.await(RunReport.StatesDiffer.class).culprit())
                    .isEqualTo("w2");
        }
    }

    @Test
    void share_isOfTheSteps_andTheSameEverywhere() {
        for (double share : new double[] {0, 0.01, 0.25, 1}) {
            long chosen = LongStream.rangeClosed(1, 100_000)
                    .filter(step -> Audit.selects(7, step, share))
                    .count();
            assertThat(chosen / 1e5).isCloseTo(share, within(0.005));
        }
        assertThat(LongStream.rangeClosed(1, 100)
                        .filter(step -> Audit.selects(7, step, 0.5) != Audit.selects(8, step, 0.5))
                        .count())
                .isPositive();
    }
}

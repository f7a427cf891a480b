package org.isofleet.coordinator.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.isofleet.coordinator.TestPlans;
import org.isofleet.protocol.group.KernelClass;
import org.isofleet.protocol.group.Member;
import org.isofleet.protocol.group.StartPoint;
import org.isofleet.protocol.run.GenerationCause;
import org.isofleet.protocol.run.RunEvent;
import org.isofleet.protocol.run.RunHistory;
import org.isofleet.protocol.run.RunOutcome;
import org.isofleet.protocol.study.EvaluationKind;
import org.isofleet.protocol.study.RunId;
import org.isofleet.protocol.study.StudyPlan;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** One thing goes wrong at a time, or nothing. Steps take 100 ms, checkpoints are 10 steps apart. */
class StudyInCalmTest {
    private static final KernelClass A = new KernelClass("dl4j-1", "a", "fp32");

    private final VirtualTime time = new VirtualTime();
    private final StudyPlan plan =
            TestPlans.study(1, 200, TestPlans.policy(2, 3, Duration.ofSeconds(5)), EvaluationKind.values());
    private final RunId run = plan.runs().get(0).spec().id();
    private final SimulatedCluster cluster =
            new SimulatedCluster(time, new Chaos(new Random(1), time.now(), 0, 0, 0, 0), plan);

    @BeforeEach
    void startTwoWorkers() {
        cluster.startWorker("w0", A);
        cluster.startWorker("w1", A);
    }

    @Test
    void study_thatNothingDisturbs_trainsEachRunInOneGeneration() {
        finish();
        RunHistory history = cluster.history(run);
        assertThat(history.generation()).isEqualTo(1);
        assertThat(history.group().restarts()).isZero();
        assertThat(cluster.settled(run).outcome()).isEqualTo(RunOutcome.DONE);
        assertThat(cluster.settled(run).reason()).isNull();
        assertThat(history.evaluations())
                .allSatisfy(e -> assertThat(e.recorded()).isNotNull());
    }

    @Test
    void memberDies_survivorGoesOnFromMemory() {
        reach(45);
        SimulatedWorker survivor = cluster.worker("w1");
        cluster.killWorker("w0");
        finish();
        List<StartPoint> starts = starts();
        assertThat(starts).hasSize(2);
        assertThat(starts.get(1)).isInstanceOfSatisfying(StartPoint.FromMember.class, from -> {
            assertThat(from.workerId()).isEqualTo("w1");
            assertThat(from.step()).isGreaterThanOrEqualTo(45);
        });
        assertThat(survivor.checkpointsRead()).isZero();
    }

    @Test
    void restartedWorker_joinsAndCopiesFromItsPeer() {
        reach(45);
        cluster.killWorker("w0");
        time.runUntil(() -> cluster.history(run).generation() == 2, Duration.ofSeconds(20));
        cluster.startWorker("w0", A);
        finish();
        assertThat(causes()).containsExactly(GenerationCause.FIRST, GenerationCause.LOST, GenerationCause.JOINED);
        assertThat(starts()).noneMatch(StartPoint.FromCheckpoint.class::isInstance);
    }

    @Test
    void workerThatComputesOtherBits_isLeftOut_andAnotherTakesItsPlace() {
        reach(45);
        cluster.killWorker("w1");
        time.runUntil(() -> cluster.history(run).generation() == 2, Duration.ofSeconds(20));
        cluster.startWorker("odd", A);
        cluster.worker("odd").gradientDigest = "other";
        time.runUntil(() -> causes().contains(GenerationCause.KERNELS), Duration.ofSeconds(20));
        cluster.startWorker("w2", A);
        finish();
        assertThat(causes())
                .containsExactly(
                        GenerationCause.FIRST,
                        GenerationCause.LOST,
                        GenerationCause.JOINED,
                        GenerationCause.KERNELS,
                        GenerationCause.JOINED);
        assertThat(cluster.history(run).group().gradientDigest()).isEqualTo("alike");
        assertThat(groups().get(groups().size() - 1)).containsExactly("w0", "w2");
        assertThat(starts()).hasSize(4).noneMatch(StartPoint.FromCheckpoint.class::isInstance);
        assertThat(cluster.settled(run).outcome()).isEqualTo(RunOutcome.DONE);
    }

    @Test
    void firstGroup_thatDisagrees_goesOnWithItsFirstMember() {
        cluster.worker("w0").gradientDigest = "other";
        cluster.worker("w1").gradientDigest = "third";
        finish();
        assertThat(causes()).containsExactly(GenerationCause.FIRST, GenerationCause.KERNELS);
        assertThat(groups()).containsExactly(List.of("w0", "w1"), List.of("w0"));
        assertThat(cluster.settled(run).outcome()).isEqualTo(RunOutcome.DONE);
    }

    @Test
    void onlyWorkersThatComputeOtherBits_leaveATrainedRunWaiting() {
        reach(45);
        cluster.killWorker("w0");
        cluster.killWorker("w1");
        cluster.startWorker("odd", A);
        cluster.worker("odd").gradientDigest = "other";
        time.runUntil(() -> false, Duration.ofSeconds(60));
        assertThat(causes()).containsOnly(GenerationCause.FIRST, GenerationCause.LOST);
        assertThat(cluster.finished()).isFalse();
        cluster.startWorker("w2", A);
        finish();
        assertThat(cluster.settled(run).outcome()).isEqualTo(RunOutcome.DONE);
        assertThat(starts()).hasSize(2);
    }

    @Test
    void coordinatorRestarts_groupKeepsItsGenerationAndSteps() {
        reach(45);
        long before = cluster.worker("w0").step;
        cluster.restartCoordinator(Duration.ofSeconds(5));
        time.runUntil(() -> false, Duration.ofSeconds(5));
        assertThat(cluster.worker("w0").step).isGreaterThan(before + 40);
        finish();
        assertThat(cluster.history(run).generation()).isEqualTo(1);
    }

    @Test
    void allMembersDie_runWaitsAndGoesOnFromItsCheckpoint() {
        reach(45);
        cluster.killWorker("w0");
        cluster.killWorker("w1");
        time.runUntil(() -> false, Duration.ofSeconds(60));
        assertThat(cluster.history(run).generation()).isEqualTo(1);
        cluster.startWorker("w2", A);
        finish();
        assertThat(starts().get(1))
                .isInstanceOfSatisfying(
                        StartPoint.FromCheckpoint.class,
                        from -> assertThat(from.checkpoint().step()).isBetween(40L, 60L));
    }

    @Test
    void everythingDies_studyGoesOnFromItsJournal() {
        reach(45);
        cluster.killWorker("w0");
        cluster.killWorker("w1");
        cluster.restartCoordinator(Duration.ofSeconds(3));
        time.runUntil(() -> false, Duration.ofSeconds(4));
        cluster.startWorker("w0", A);
        cluster.startWorker("w1", A);
        finish();
        assertThat(cluster.settled(run).outcome()).isEqualTo(RunOutcome.DONE);
        assertThat(starts().get(1)).isInstanceOf(StartPoint.FromCheckpoint.class);
    }

    @Test
    void oldCheckpoints_areCollectedButForTheLastTwo() {
        reach(45);
        time.runUntil(() -> false, Duration.ofMillis(900));
        assertThat(cluster.disk.steps(run)).hasSizeBetween(2, 3);
        finish();
        assertThat(cluster.disk.steps(run)).containsExactly(190L, 200L);
    }

    @Test
    void newestCheckpointIsDamaged_theOneBeforeIsStillThere() {
        reach(45);
        time.runUntil(() -> cluster.history(run).committedStep() >= 50, Duration.ofSeconds(5));
        cluster.killWorker("w0");
        cluster.killWorker("w1");
        cluster.disk.damage(cluster.history(run).committed().orElseThrow());
        time.runUntil(() -> false, Duration.ofSeconds(10));
        cluster.startWorker("w2", A);
        finish();
        assertThat(cluster.journal(run)).noneMatch(RunEvent.CheckpointDiscarded.class::isInstance);
        assertThat(starts()).hasSize(2).last().isInstanceOf(StartPoint.FromCheckpoint.class);
    }

    @ParameterizedTest
    @EnumSource(names = {"FULL", "HANGING"})
    void leaderThatCannotWrite_costsNoCheckpoint(SimulatedWorker.Disk disk) {
        reach(45);
        cluster.worker("w0").writing = disk;
        long before = cluster.history(run).committedStep();
        finish();
        assertThat(cluster.history(run).generation()).isEqualTo(1);
        assertThat(cluster.settled(run).outcome()).isEqualTo(RunOutcome.DONE);
        assertThat(committed()).as("on a full disk each is handed over").contains(200L);
        if (disk == SimulatedWorker.Disk.FULL) {
            assertThat(committed()).contains(before + 10, before + 20, 190L);
        }
    }

    @Test
    void diskThatHasSpaceAgainInTime_costsNoStep() {
        reach(45);
        Stream.of("w0", "w1").forEach(id -> cluster.worker(id).writing = SimulatedWorker.Disk.FULL);
        time.runUntil(() -> cluster.worker("w0").step >= 200, Duration.ofMinutes(2));
        time.runUntil(cluster::finished, Duration.ofMinutes(5));
        assertThat(cluster.finished()).isFalse();
        assertThat(cluster.history(run).committedStep()).isLessThan(60);
        Stream.of("w0", "w1").forEach(id -> cluster.worker(id).writing = SimulatedWorker.Disk.GOOD);
        finish();
        assertThat(cluster.settled(run).outcome()).isEqualTo(RunOutcome.DONE);
        assertThat(cluster.history(run).generation()).isEqualTo(1);
    }

    @Test
    void lastCheckpointThatNobodyCanWrite_failsTheAttempt() {
        reach(45);
        cluster.worker("w0").writing = SimulatedWorker.Disk.FULL;
        cluster.worker("w1").writing = SimulatedWorker.Disk.FULL;
        time.runUntil(cluster::finished, Duration.ofHours(2));
        assertThat(cluster.settled(run).outcome()).isEqualTo(RunOutcome.PARKED);
        assertThat(cluster.settled(run).reason()).contains("disk full");
        assertThat(cluster.history(run).committedStep()).isLessThan(60);
    }

    private void reach(long step) {
        time.runUntil(
                () -> cluster.worker("w0").step >= step && cluster.history(run).committedStep() >= step / 10 * 10,
                Duration.ofMinutes(2));
        assertThat(cluster.worker("w0").step).isGreaterThanOrEqualTo(step);
    }

    private void finish() {
        time.runUntil(cluster::finished, Duration.ofMinutes(10));
        assertThat(cluster.finished()).as(cluster::describe).isTrue();
    }

    private List<StartPoint> starts() {
        return cluster.journal(run).stream()
                .filter(RunEvent.GenerationStarted.class::isInstance)
                .map(e -> ((RunEvent.GenerationStarted) e).from())
                .toList();
    }

    private List<Long> committed() {
        return cluster.journal(run).stream()
                .flatMap(e -> e instanceof RunEvent.CheckpointCommitted commit
                        ? Stream.of(commit.checkpoint().step())
                        : e instanceof RunEvent.TrainingCompleted done
                                ? Stream.of(done.checkpoint().step())
                                : Stream.empty())
                .toList();
    }

    private List<List<String>> groups() {
        return cluster.journal(run).stream()
                .filter(RunEvent.GenerationBegun.class::isInstance)
                .map(e -> ((RunEvent.GenerationBegun) e)
                        .members().stream().map(Member::workerId).toList())
                .toList();
    }

    private List<GenerationCause> causes() {
        return cluster.journal(run).stream()
                .filter(RunEvent.GenerationBegun.class::isInstance)
                .map(e -> ((RunEvent.GenerationBegun) e).cause())
                .toList();
    }
}

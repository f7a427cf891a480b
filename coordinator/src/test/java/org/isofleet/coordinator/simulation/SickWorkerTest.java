package org.isofleet.coordinator.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.isofleet.coordinator.TestPlans;
import org.isofleet.protocol.group.KernelClass;
import org.isofleet.protocol.group.StartPoint;
import org.isofleet.protocol.run.EvaluationHistory;
import org.isofleet.protocol.run.RunEvent;
import org.isofleet.protocol.run.RunOutcome;
import org.isofleet.protocol.study.EvaluationKind;
import org.isofleet.protocol.study.PlannedRun;
import org.isofleet.protocol.study.RunId;
import org.isofleet.protocol.study.StudyPlan;
import org.junit.jupiter.api.Test;

/** On the first worker everything fails. */
class SickWorkerTest {
    private static final KernelClass A = new KernelClass("dl4j-1", "a", "fp32");

    private final VirtualTime time = new VirtualTime();

    private SimulatedCluster cluster(StudyPlan plan, int workers) {
        SimulatedCluster cluster = new SimulatedCluster(time, new Chaos(new Random(1), time.now(), 0, 0, 0, 0), plan);
        for (int i = 0; i < workers; i++) {
            cluster.startWorker("w" + i, A);
        }
        cluster.worker("w0").sick = true;
        return cluster;
    }

    private static StudyPlan study(int runs, EvaluationKind... kinds) {
        return TestPlans.study(runs, 200, TestPlans.policy(1, 3, Duration.ofSeconds(5)), kinds);
    }

    @Test
    void sickWorker_amongHealthyOnes_failsNoRun() {
        StudyPlan plan = study(4, EvaluationKind.values());
        SimulatedCluster cluster = cluster(plan, 3);
        time.runUntil(cluster::finished, Duration.ofMinutes(10));
        assertThat(cluster.finished()).as(cluster::describe).isTrue();
        for (PlannedRun run : plan.runs()) {
            RunId runId = run.spec().id();
            assertThat(cluster.settled(runId).outcome()).isEqualTo(RunOutcome.DONE);
            assertThat(cluster.history(runId).evaluations())
                    .extracting(EvaluationHistory::givenUp)
                    .containsOnlyNulls();
            assertThat(failedOnW0(cluster, runId)).hasSizeLessThanOrEqualTo(2);
        }
    }

    @Test
    void onlyWorker_thatIsSick_isTriedAgainUntilTheRunIsParked() {
        StudyPlan plan = study(1);
        SimulatedCluster cluster = cluster(plan, 1);
        time.runUntil(cluster::finished, Duration.ofSeconds(30));
        RunId runId = plan.runs().get(0).spec().id();
        assertThat(cluster.finished()).as(cluster::describe).isTrue();
        assertThat(cluster.settled(runId).outcome()).isEqualTo(RunOutcome.PARKED);
        assertThat(failedOnW0(cluster, runId)).hasSize(3);
    }

    @Test
    void memberThatFails_leavesTheOthersWhatTheyHold() {
        StudyPlan plan = TestPlans.study(1, 200, TestPlans.policy(2, 3, Duration.ofSeconds(5)));
        SimulatedCluster cluster = cluster(plan, 2);
        RunId runId = plan.runs().get(0).spec().id();
        cluster.worker("w0").sick = false;
        time.runUntil(() -> cluster.worker("w1").step >= 45, Duration.ofMinutes(2));
        cluster.worker("w0").sick = true;
        time.runUntil(cluster::finished, Duration.ofMinutes(10));
        assertThat(cluster.finished()).as(cluster::describe).isTrue();
        assertThat(cluster.settled(runId).outcome()).isEqualTo(RunOutcome.DONE);
        assertThat(cluster.journal(runId))
                .filteredOn(RunEvent.GenerationStarted.class::isInstance)
                .element(1)
                .isInstanceOfSatisfying(
                        RunEvent.GenerationStarted.class,
                        started -> assertThat(started.from())
                                .isInstanceOfSatisfying(StartPoint.FromMember.class, from -> {
                                    assertThat(from.workerId()).isEqualTo("w1");
                                    assertThat(from.step()).isGreaterThanOrEqualTo(45);
                                }));
        assertThat(cluster.worker("w1").checkpointsRead()).isZero();
    }

    @Test
    void runThatFailsOnEveryWorker_isParked() {
        StudyPlan plan = TestPlans.study(1, 200, TestPlans.policy(2, 3, Duration.ofSeconds(5)));
        SimulatedCluster cluster = cluster(plan, 2);
        cluster.worker("w1").sick = true;
        time.runUntil(cluster::finished, Duration.ofMinutes(10));
        RunId runId = plan.runs().get(0).spec().id();
        assertThat(cluster.finished()).as(cluster::describe).isTrue();
        assertThat(cluster.settled(runId).outcome()).isEqualTo(RunOutcome.PARKED);
        assertThat(cluster.settled(runId).reason()).startsWith("failed 3 times");
    }

    private static List<RunEvent> failedOnW0(SimulatedCluster cluster, RunId runId) {
        return cluster.journal(runId).stream()
                .filter(e -> e instanceof RunEvent.AttemptFailed failed
                        && failed.workerId().equals("w0"))
                .toList();
    }
}

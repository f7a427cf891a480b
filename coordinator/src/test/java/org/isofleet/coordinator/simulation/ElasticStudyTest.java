package org.isofleet.coordinator.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.isofleet.coordinator.TestPlans;
import org.isofleet.protocol.group.KernelClass;
import org.isofleet.protocol.group.Member;
import org.isofleet.protocol.group.StartPoint;
import org.isofleet.protocol.run.GenerationCause;
import org.isofleet.protocol.run.RunEvent;
import org.isofleet.protocol.run.RunOutcome;
import org.isofleet.protocol.study.RunId;
import org.isofleet.protocol.study.StudyPlan;
import org.junit.jupiter.api.Test;

/** Runs of 2000 steps of 100 ms, however many work for them, whose study grants them one worker each; up to four can share one. */
class ElasticStudyTest {
    private static final KernelClass A = new KernelClass("dl4j-1", "a", "fp32");

    private final VirtualTime time = new VirtualTime();

    @Test
    void workersThatCome_joinTogetherOnceTheRunIsMeasured_andWhoDiesIsNotWaitedFor() {
        SimulatedCluster cluster = cluster(1);
        RunId run = run(cluster, 0);
        cluster.startWorker("w0", A);
        time.runUntil(() -> cluster.worker("w0").step >= 30, Duration.ofMinutes(1));
        cluster.startWorker("w1", A);
        cluster.startWorker("w2", A);
        time.runUntil(() -> groups(cluster, run).size() == 2, Duration.ofSeconds(20));
        time.runUntil(() -> cluster.worker("w0").step >= 200, Duration.ofMinutes(1));
        cluster.killWorker("w0");
        finish(cluster);
        assertThat(groups(cluster, run)).containsExactly(List.of("w0"), List.of("w0", "w1", "w2"), List.of("w1", "w2"));
        assertThat(causes(cluster, run))
                .containsExactly(GenerationCause.FIRST, GenerationCause.JOINED, GenerationCause.LOST);
        assertThat(starts(cluster, run)).hasSize(3).noneMatch(StartPoint.FromCheckpoint.class::isInstance);
    }

    @Test
    void runThatLostItsWorker_isGivenOneOfAGroupThatHasGrown() {
        SimulatedCluster cluster = cluster(2);
        List.of("w0", "w1", "w2").forEach(id -> cluster.startWorker(id, A));
        RunId grown = run(cluster, 0);
        RunId poor = run(cluster, 1);
        time.runUntil(() -> groups(cluster, grown).size() == 2, Duration.ofSeconds(30));
        assertThat(groups(cluster, grown)).containsExactly(List.of("w0"), List.of("w0", "w2"));
        time.runUntil(() -> cluster.worker("w1").step >= 200, Duration.ofMinutes(1));
        long reached = cluster.worker("w0").step;
        cluster.killWorker("w1");
        time.runUntil(() -> groups(cluster, poor).size() == 2, Duration.ofSeconds(20));
        assertThat(groups(cluster, poor)).containsExactly(List.of("w1"), List.of("w2"));
        assertThat(groups(cluster, grown)).endsWith(List.of("w0"));
        assertThat(causes(cluster, grown)).endsWith(GenerationCause.GIVEN_BACK);
        assertThat(cluster.worker("w0").step).isGreaterThanOrEqualTo(reached);
        assertThat(cluster.history(grown).group().restarts()).isZero();
        finish(cluster);
    }

    @Test
    void everythingDies_runThatHasBegunGoesFirst_whoeverSpeaksFirst() {
        SimulatedCluster cluster = cluster(2);
        cluster.startWorker("w0", A);
        RunId begun = run(cluster, 0);
        time.runUntil(
                () -> cluster.worker("w0").step >= 100 && cluster.history(begun).committedStep() >= 100,
                Duration.ofMinutes(1));
        assertThat(groups(cluster, run(cluster, 1))).isEmpty();
        cluster.killWorker("w0");
        cluster.delayed = begun;
        cluster.restartCoordinator(Duration.ofSeconds(3));
        cluster.startWorker("w0", A);
        time.runUntil(() -> groups(cluster, begun).size() == 2, Duration.ofSeconds(15));
        assertThat(groups(cluster, begun)).hasSize(2);
        assertThat(groups(cluster, run(cluster, 1))).isEmpty();
        finish(cluster);
    }

    private SimulatedCluster cluster(int runs) {
        StudyPlan plan = TestPlans.study(runs, 2000, TestPlans.policy(1, 3, Duration.ofSeconds(5)));
        return new SimulatedCluster(time, new Chaos(new Random(1), time.now(), 0, 0, 0, 0), plan);
    }

    private static RunId run(SimulatedCluster cluster, int number) {
        return cluster.plan.runs().get(number).spec().id();
    }

    private void finish(SimulatedCluster cluster) {
        time.runUntil(cluster::finished, Duration.ofMinutes(20));
        assertThat(cluster.finished()).as(cluster::describe).isTrue();
        assertThat(cluster.plan.runs())
                .allSatisfy(run ->
                        assertThat(cluster.settled(run.spec().id()).outcome()).isEqualTo(RunOutcome.DONE));
    }

    private static List<List<String>> groups(SimulatedCluster cluster, RunId run) {
        return begun(cluster, run).stream()
                .map(event -> event.members().stream().map(Member::workerId).toList())
                .toList();
    }

    private static List<GenerationCause> causes(SimulatedCluster cluster, RunId run) {
        return begun(cluster, run).stream().map(RunEvent.GenerationBegun::cause).toList();
    }

    private static List<RunEvent.GenerationBegun> begun(SimulatedCluster cluster, RunId run) {
        return cluster.journal(run).stream()
                .filter(RunEvent.GenerationBegun.class::isInstance)
                .map(RunEvent.GenerationBegun.class::cast)
                .toList();
    }

    private static List<StartPoint> starts(SimulatedCluster cluster, RunId run) {
        return cluster.journal(run).stream()
                .filter(RunEvent.GenerationStarted.class::isInstance)
                .map(event -> ((RunEvent.GenerationStarted) event).from())
                .toList();
    }
}

package org.isofleet.coordinator.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.isofleet.coordinator.TestPlans;
import org.isofleet.protocol.group.KernelClass;
import org.isofleet.protocol.group.Member;
import org.isofleet.protocol.group.StartPoint;
import org.isofleet.protocol.run.RunEvent;
import org.isofleet.protocol.run.RunOutcome;
import org.isofleet.protocol.study.PlannedRun;
import org.isofleet.protocol.study.RunId;
import org.isofleet.protocol.study.StudyPlan;
import org.junit.jupiter.api.Test;

/** Two workers of different kernel classes, and a run that wants two: with the promise of its bits and without. */
class MixedKernelsTest {
    private static final StudyPlan PROMISED = TestPlans.study(1, 200, TestPlans.policy(2, 3, Duration.ofSeconds(5)));
    private static final StudyPlan INEXACT = new StudyPlan(
            PROMISED.studyId(),
            PROMISED.name(),
            PROMISED.runs().stream()
                    .map(r -> new PlannedRun(TestPlans.inexact(r.spec()), true, null, r.peakMemoryBytes()))
                    .toList(),
            List.of(),
            PROMISED.evaluation(),
            PROMISED.policy(),
            List.of());

    private final VirtualTime time = new VirtualTime();

    @Test
    void inexactRun_isTrainedByBoth() {
        SimulatedCluster cluster = cluster(INEXACT);
        time.runUntil(cluster::finished, Duration.ofMinutes(10));
        assertThat(groups(cluster, INEXACT)).containsExactly(List.of("w0", "w1"));
        assertThat(cluster.settled(run(INEXACT)).outcome()).isEqualTo(RunOutcome.DONE);
    }

    @Test
    void inexactRun_goesOnInTheMemoryOfAnotherClass() {
        SimulatedCluster cluster = cluster(INEXACT);
        time.runUntil(() -> cluster.worker("w0").step >= 45, Duration.ofMinutes(2));
        cluster.killWorker("w0");
        time.runUntil(cluster::finished, Duration.ofMinutes(10));
        assertThat(groups(cluster, INEXACT)).containsExactly(List.of("w0", "w1"), List.of("w1"));
        assertThat(cluster.journal(run(INEXACT)))
                .filteredOn(RunEvent.GenerationStarted.class::isInstance)
                .last()
                .satisfies(e ->
                        assertThat(((RunEvent.GenerationStarted) e).from()).isInstanceOf(StartPoint.FromMember.class));
    }

    @Test
    void exactRun_isTrainedByOneClass() {
        SimulatedCluster cluster = cluster(PROMISED);
        time.runUntil(cluster::finished, Duration.ofMinutes(10));
        assertThat(groups(cluster, PROMISED)).containsExactly(List.of("w0"));
    }

    @Test
    void exactRun_waitsForItsClass() {
        SimulatedCluster cluster = cluster(PROMISED);
        time.runUntil(() -> cluster.worker("w0").step >= 45, Duration.ofMinutes(2));
        cluster.killWorker("w0");
        time.runUntil(cluster::finished, Duration.ofMinutes(2));
        assertThat(cluster.finished()).isFalse();
        cluster.startWorker("w2", new KernelClass("dl4j-1", "a", "fp32"));
        time.runUntil(cluster::finished, Duration.ofMinutes(10));
        assertThat(groups(cluster, PROMISED)).containsExactly(List.of("w0"), List.of("w2"));
    }

    private SimulatedCluster cluster(StudyPlan plan) {
        SimulatedCluster cluster = new SimulatedCluster(time, new Chaos(new Random(1), time.now(), 0, 0, 0, 0), plan);
        cluster.startWorker("w0", new KernelClass("dl4j-1", "a", "fp32"));
        cluster.startWorker("w1", new KernelClass("dl4j-1", "b", "fp32"));
        return cluster;
    }

    private static RunId run(StudyPlan plan) {
        return plan.runs().get(0).spec().id();
    }

    private static List<List<String>> groups(SimulatedCluster cluster, StudyPlan plan) {
        return cluster.journal(run(plan)).stream()
                .filter(RunEvent.GenerationBegun.class::isInstance)
                .map(e -> ((RunEvent.GenerationBegun) e)
                        .members().stream().map(Member::workerId).toList())
                .toList();
    }
}

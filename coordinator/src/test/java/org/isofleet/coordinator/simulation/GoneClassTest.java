package org.isofleet.coordinator.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Random;
import org.isofleet.coordinator.TestPlans;
import org.isofleet.protocol.group.KernelClass;
import org.isofleet.protocol.run.EvaluationHistory;
import org.isofleet.protocol.run.RunOutcome;
import org.isofleet.protocol.study.EvaluationKind;
import org.isofleet.protocol.study.RunId;
import org.isofleet.protocol.study.StudyPlan;
import org.junit.jupiter.api.Test;

/** The only worker of the kernel class that a run is pinned to goes away for good, and one of another class comes. */
class GoneClassTest {
    private static final KernelClass A = new KernelClass("dl4j-1", "a", "fp32");
    private static final KernelClass B = new KernelClass("dl4j-1", "b", "fp32");

    private final VirtualTime time = new VirtualTime();
    private final StudyPlan plan =
            TestPlans.study(1, 200, TestPlans.policy(1, 3, Duration.ofSeconds(5)), EvaluationKind.values());
    private final RunId run = plan.runs().get(0).spec().id();
    private final SimulatedCluster cluster =
            new SimulatedCluster(time, new Chaos(new Random(1), time.now(), 0, 0, 0, 0), plan);

    private void classIsGoneAfter(long step) {
        cluster.startWorker("w0", A);
        time.runUntil(
                () -> !cluster.journal(run).isEmpty() && cluster.history(run).committedStep() >= step,
                Duration.ofMinutes(2));
        cluster.killWorker("w0");
        cluster.startWorker("w1", B);
        time.runUntil(cluster::finished, Duration.ofMinutes(30));
        assertThat(cluster.finished()).as(cluster::describe).isTrue();
    }

    @Test
    void runThatIsTrained_isMeasuredByAnotherClass() {
        classIsGoneAfter(200);
        assertThat(cluster.settled(run).outcome()).isEqualTo(RunOutcome.DONE);
        assertThat(cluster.history(run).evaluations())
                .extracting(EvaluationHistory::recorded)
                .doesNotContainNull();
    }

    @Test
    void runThatIsPinned_isParkedWithTheReason() {
        classIsGoneAfter(20);
        assertThat(cluster.settled(run).outcome()).isEqualTo(RunOutcome.PARKED);
        assertThat(cluster.settled(run).reason())
                .startsWith("no worker of kernel class dl4j-1/a/fp32; present are dl4j-1/b/fp32");
    }
}

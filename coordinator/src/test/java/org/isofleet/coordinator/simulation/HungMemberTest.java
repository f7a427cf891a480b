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
import org.isofleet.protocol.study.RunId;
import org.isofleet.protocol.study.StudyPlan;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A member whose heartbeats go on while it computes nothing and answers nothing. */
class HungMemberTest {
    private static final KernelClass A = new KernelClass("dl4j-1", "a", "fp32");

    private final VirtualTime time = new VirtualTime();

    private void hangs(String hung, int perRun, int workers) {
        StudyPlan plan = TestPlans.study(1, 200, TestPlans.policy(perRun, 3, Duration.ofSeconds(5)));
        SimulatedCluster cluster = new SimulatedCluster(time, new Chaos(new Random(1), time.now(), 0, 0, 0, 0), plan);
        for (int i = 0; i < workers; i++) {
            cluster.startWorker("w" + i, A);
        }
        time.runUntil(() -> cluster.worker("w0").step >= 45, Duration.ofMinutes(2));
        cluster.worker(hung).hung = true;
        time.runUntil(cluster::finished, Duration.ofMinutes(10));
        assertThat(cluster.finished()).as(cluster::describe).isTrue();
        RunId run = plan.runs().get(0).spec().id();
        assertThat(cluster.settled(run).outcome()).isEqualTo(RunOutcome.DONE);
        starts = cluster.journal(run).stream()
                .filter(RunEvent.GenerationStarted.class::isInstance)
                .map(e -> ((RunEvent.GenerationStarted) e).from())
                .toList();
        lastGroup = cluster.journal(run).stream()
                .filter(RunEvent.GenerationBegun.class::isInstance)
                .map(RunEvent.GenerationBegun.class::cast)
                .reduce((before, after) -> after)
                .map(begun -> begun.members().stream().map(Member::workerId).toList())
                .orElseThrow();
    }

    private List<StartPoint> starts = List.of();
    private List<String> lastGroup = List.of();

    @ParameterizedTest
    @CsvSource({"w0", "w1"})
    void memberThatHangs_isDroppedAndTheOtherGoesOnFromMemory(String hung) {
        hangs(hung, 2, 2);
        assertThat(starts).hasSize(2);
        assertThat(starts.get(1))
                .isInstanceOfSatisfying(
                        StartPoint.FromMember.class,
                        from -> assertThat(from.workerId()).isNotEqualTo(hung));
    }

    @ParameterizedTest
    @CsvSource({"w0", "w1"})
    void memberThatHangs_isReplacedByAFreeWorker(String hung) {
        hangs(hung, 2, 3);
        assertThat(lastGroup).contains("w2").hasSize(2).doesNotContain(hung);
    }

    @ParameterizedTest
    @CsvSource({"2", "3"})
    void workerThatHangsAlone_isReplacedAndTheCheckpointCounts(int workers) {
        hangs("w0", 1, workers);
        assertThat(starts.get(1)).isInstanceOf(StartPoint.FromCheckpoint.class);
    }
}

package org.isofleet.coordinator.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.isofleet.coordinator.TestPlans;
import org.isofleet.protocol.group.KernelClass;
import org.isofleet.protocol.run.RunEvent;
import org.isofleet.protocol.run.RunOutcome;
import org.isofleet.protocol.study.EvaluationKind;
import org.isofleet.protocol.study.PlannedRun;
import org.isofleet.protocol.study.RunId;
import org.isofleet.protocol.study.StudyPlan;

class StudyUnderChaosTest {
    private static final KernelClass A = new KernelClass("dl4j-1", "a", "fp32");
    private static final KernelClass B = new KernelClass("dl4j-1", "b", "fp32");

    /** Workers die and come back, messages are lost, doubled and late, the coordinator restarts; then the weather calms. */
    @Property(tries = 30)
    void everyRun_endsDoneOrParked_whateverDies(
            @ForAll long seed,
            @ForAll @IntRange(min = 1, max = 4) int workers,
            @ForAll @IntRange(min = 1, max = 3) int runs,
            @ForAll @IntRange(min = 1, max = 2) int granted,
            @ForAll boolean failing) {
        Random random = new Random(seed);
        VirtualTime time = new VirtualTime();
        Chaos chaos = new Chaos(
                random,
                time.now().plusSeconds(90),
                random.nextDouble() * 0.3,
                random.nextDouble() * 0.3,
                random.nextDouble() * 0.3,
                failing ? random.nextDouble() * 0.5 : 0);
        StudyPlan plan = TestPlans.study(
                runs, 200, TestPlans.policy(granted, 5, Duration.ofSeconds(5)), EvaluationKind.values());
        SimulatedCluster cluster = new SimulatedCluster(time, chaos, plan);
        for (int i = 0; i < workers; i++) {
            live(cluster, chaos, "w" + i, i % 3 == 2 ? B : A);
        }
        crash(cluster, chaos);
        time.runUntil(cluster::finished, Duration.ofHours(2));
        assertThat(cluster.finished()).as(cluster::describe).isTrue();
        for (PlannedRun run : plan.runs()) {
            RunEvent.RunSettled settled = cluster.settled(run.spec().id());
            if (settled.outcome() == RunOutcome.DONE) {
                assertThat(cluster.history(run.spec().id()).committedStep()).isEqualTo(200);
            } else {
                assertThat(chaos.failing()).as(settled.reason()).isPositive();
                assertThat(settled.reason()).isIn(causes(cluster, run.spec().id(), 5));
            }
        }
    }

    /** What may have ended a run: the last of so many attempts in a row. */
    private static List<String> causes(SimulatedCluster cluster, RunId runId, int attempts) {
        List<String> causes = new ArrayList<>();
        int failures = 0;
        for (RunEvent event : cluster.journal(runId)) {
            if (event instanceof RunEvent.CheckpointCommitted) {
                failures = 0;
            } else if (event instanceof RunEvent.AttemptFailed failed && ++failures >= attempts) {
                causes.add("failed %d times, last on %s: %s".formatted(failures, failed.workerId(), failed.reason()));
            }
        }
        return causes;
    }

    private static void live(SimulatedCluster cluster, Chaos chaos, String id, KernelClass kernelClass) {
        cluster.startWorker(id, kernelClass);
        if (!chaos.rages(cluster.time.now())) {
            return;
        }
        cluster.time.after(Duration.ofMillis(500 + chaos.random().nextInt(30_000)), () -> {
            cluster.killWorker(id);
            cluster.time.after(
                    Duration.ofMillis(100 + chaos.random().nextInt(10_000)),
                    () -> live(cluster, chaos, id, kernelClass));
        });
    }

    private static void crash(SimulatedCluster cluster, Chaos chaos) {
        if (chaos.rages(cluster.time.now())) {
            cluster.time.after(Duration.ofMillis(1000 + chaos.random().nextInt(60_000)), () -> {
                cluster.restartCoordinator(
                        Duration.ofMillis(500 + chaos.random().nextInt(20_000)));
                crash(cluster, chaos);
            });
        }
    }
}

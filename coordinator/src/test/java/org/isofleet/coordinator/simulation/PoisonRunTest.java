package org.isofleet.coordinator.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.isofleet.coordinator.TestPlans;
import org.isofleet.protocol.group.KernelClass;
import org.isofleet.protocol.run.RunEvent;
import org.isofleet.protocol.run.RunOutcome;
import org.isofleet.protocol.study.PlannedRun;
import org.isofleet.protocol.study.RunId;
import org.isofleet.protocol.study.StudyPlan;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A run on which the process of every worker dies, again and again at the same step; the processes come back 2 s later. */
class PoisonRunTest {
    private static final KernelClass A = new KernelClass("dl4j-1", "a", "fp32");
    private static final int ATTEMPTS = 2;
    private static final long DEADLY = 45;

    private final VirtualTime time = new VirtualTime();
    private final Map<String, Integer> deaths = new TreeMap<>();

    private void poison(SimulatedCluster cluster, RunId runId, List<String> ids) {
        for (String id : ids) {
            if (!deaths.containsKey("down " + id) && trains(cluster.worker(id), runId)) {
                cluster.killWorker(id);
                deaths.merge(id, 1, Integer::sum);
                deaths.put("down " + id, 0);
                time.after(Duration.ofSeconds(2), () -> {
                    deaths.remove("down " + id);
                    cluster.startWorker(id, A);
                });
            }
        }
        if (!cluster.finished()) {
            time.after(Duration.ofMillis(50), () -> poison(cluster, runId, ids));
        }
    }

    private static boolean trains(SimulatedWorker worker, RunId runId) {
        return worker.plan != null && worker.plan.spec().id().equals(runId) && worker.running && worker.step >= DEADLY;
    }

    @ParameterizedTest
    @CsvSource({"1", "2"})
    void runThatKillsItsWorkers_isParkedAndTheOthersAreDone(int perRun) {
        StudyPlan plan = TestPlans.study(4, 200, TestPlans.policy(perRun, ATTEMPTS, Duration.ofSeconds(5)));
        SimulatedCluster cluster = new SimulatedCluster(time, new Chaos(new Random(1), time.now(), 0, 0, 0, 0), plan);
        List<String> ids = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            ids.add("w" + i);
            cluster.startWorker("w" + i, A);
        }
        RunId poison = plan.runs().get(0).spec().id();
        poison(cluster, poison, ids);
        time.runUntil(cluster::finished, Duration.ofMinutes(30));
        assertThat(cluster.finished()).as(cluster::describe).isTrue();

        assertThat(cluster.settled(poison).outcome()).isEqualTo(RunOutcome.PARKED);
        assertThat(cluster.settled(poison).reason()).startsWith("no step beyond 4");
        for (PlannedRun run : plan.runs().subList(1, 4)) {
            assertThat(cluster.settled(run.spec().id()).outcome()).isEqualTo(RunOutcome.DONE);
        }
        long generations = cluster.journal(poison).stream()
                .filter(RunEvent.GenerationBegun.class::isInstance)
                .count();
        int most = 4 * ATTEMPTS + 2;
        assertThat(generations).isLessThanOrEqualTo(most);
        assertThat(deaths.values().stream().mapToInt(Integer::intValue).sum()).isLessThanOrEqualTo(perRun * most);
    }
}

package org.isofleet.coordinator.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.isofleet.coordinator.TestPlans;
import org.isofleet.coordinator.node.ScriptedWorker.Fault;
import org.isofleet.metrics.live.LiveEvent;
import org.isofleet.protocol.group.StartPoint;
import org.isofleet.protocol.run.RunOutcome;
import org.isofleet.protocol.run.StudyOutcome;
import org.isofleet.protocol.study.EvaluationKind;
import org.isofleet.protocol.study.InvalidSpecException;
import org.isofleet.protocol.study.RunPolicy;
import org.isofleet.protocol.study.StudyPlan;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class CoordinatorNodeTest {
    private static final RunPolicy PAIRS = TestPlans.policy(2, 2, Duration.ofSeconds(5));

    @TempDir
    Path folder;

    private final List<AutoCloseable> open = new ArrayList<>();
    private final List<LiveEvent> seen = new CopyOnWriteArrayList<>();

    @AfterEach
    void closeAll() throws Exception {
        for (int i = open.size() - 1; i >= 0; i--) {
            open.get(i).close();
        }
    }

    @Test
    void study_withTwoWorkers_endsWithAllResultsAndFits() throws Exception {
        CoordinatorNode node = node(0);
        node.subscribe(seen::add);
        worker("a", 1, node, Fault.NONE);
        worker("b", 1, node, Fault.NONE);
        StudyPlan plan = TestPlans.study(2, 30, PAIRS, EvaluationKind.values());
        StudyOutcome outcome = run(node, plan);
        assertThat(outcome.count(RunOutcome.DONE)).isEqualTo(2);
        await().untilAsserted(() -> {
            assertThat(seen).anyMatch(LiveEvent.StudyFinished.class::isInstance);
            assertThat(events(LiveEvent.EvaluationRecorded.class)).hasSize(6);
            assertThat(events(LiveEvent.CheckpointCommitted.class))
                    .filteredOn(LiveEvent.CheckpointCommitted::last)
                    .hasSize(2);
            assertThat(events(LiveEvent.FitsUpdated.class))
                    .extracting(LiveEvent.FitsUpdated::metric)
                    .contains("loss", "top1", "fd");
        });
        assertThat(events(LiveEvent.Progress.class)).isNotEmpty();
    }

    @Test
    void memberDies_survivorGoesOnFromMemory() throws Exception {
        CoordinatorNode node = node(0);
        ScriptedWorker a = worker("a", 1, node, Fault.NONE);
        ScriptedWorker b = worker("b", 1, node, Fault.NONE);
        StudyPlan plan = TestPlans.study(1, 200, PAIRS);
        node.submit(plan).toCompletableFuture().get(20, TimeUnit.SECONDS);
        await().atMost(30, TimeUnit.SECONDS).until(() -> b.step.get() > 20);
        a.close();
        StudyOutcome outcome = outcome(node, plan);
        assertThat(outcome.count(RunOutcome.DONE)).isEqualTo(1);
        assertThat(b.starts()).noneMatch(StartPoint.FromCheckpoint.class::isInstance);
        assertThat(b.starts())
                .anySatisfy(start -> assertThat(start)
                        .isInstanceOfSatisfying(
                                StartPoint.FromMember.class,
                                from -> assertThat(from.step()).isGreaterThan(20)));
    }

    @Test
    void coordinatorRestarts_workersKeepSteppingInTheirGeneration() throws Exception {
        CoordinatorNode first = node(0);
        int port = first.port();
        ScriptedWorker a = worker("a", 1, first, Fault.NONE);
        ScriptedWorker b = worker("b", 1, first, Fault.NONE);
        StudyPlan plan = TestPlans.study(1, 400, PAIRS, EvaluationKind.HELD_OUT_LOSS);
        first.submit(plan).toCompletableFuture().get(20, TimeUnit.SECONDS);
        await().atMost(30, TimeUnit.SECONDS).until(() -> b.step.get() > 20);
        List<Long> before = a.generations();
        first.close();
        long whenDown = a.step.get();
        await().until(() -> a.step.get() > whenDown + 20);
        CoordinatorNode second = node(port);
        second.subscribe(seen::add);
        StudyOutcome outcome = outcome(second, plan);
        assertThat(outcome.count(RunOutcome.DONE)).isEqualTo(1);
        assertThat(a.generations())
                .as(() -> seen.stream()
                        .filter(e -> e instanceof LiveEvent.RunChanged || e instanceof LiveEvent.WorkerLost)
                        .toList()
                        .toString())
                .isEqualTo(before);
        await().untilAsserted(() -> assertThat(events(LiveEvent.CheckpointCommitted.class))
                .extracting(e -> e.checkpoint().step())
                .contains(400L)
                .anyMatch(step -> step <= whenDown));
    }

    @Test
    void everythingRestarts_studyGoesOnFromItsCheckpoint() throws Exception {
        CoordinatorNode first = node(0);
        ScriptedWorker a = worker("a", 1, first, Fault.NONE);
        StudyPlan plan = TestPlans.study(1, 100, PAIRS, EvaluationKind.HELD_OUT_LOSS);
        first.submit(plan).toCompletableFuture().get(20, TimeUnit.SECONDS);
        first.subscribe(seen::add);
        await().atMost(30, TimeUnit.SECONDS)
                .until(() -> !events(LiveEvent.CheckpointCommitted.class).isEmpty());
        a.close();
        first.close();
        CoordinatorNode second = node(0);
        ScriptedWorker again = worker("a", 2, second, Fault.NONE);
        StudyOutcome outcome = outcome(second, plan);
        assertThat(outcome.count(RunOutcome.DONE)).isEqualTo(1);
        assertThat(again.starts()).first().isInstanceOf(StartPoint.FromCheckpoint.class);
    }

    @Test
    void runThatKeepsFailing_isParkedWithItsReason() throws Exception {
        CoordinatorNode node = node(0);
        worker("a", 1, node, Fault.TRAINING);
        StudyOutcome outcome = run(node, TestPlans.study(1, 100, PAIRS));
        assertThat(outcome.runs()).singleElement().satisfies(run -> {
            assertThat(run.outcome()).isEqualTo(RunOutcome.PARKED);
            assertThat(run.reason()).isEqualTo("failed 2 times, last on a: loss is no number at step 5");
        });
    }

    @Test
    void evaluationThatKeepsFailing_isGivenUpAndTheRunDone() throws Exception {
        CoordinatorNode node = node(0);
        worker("a", 1, node, Fault.PROBE);
        StudyOutcome outcome = run(node, TestPlans.study(1, 20, PAIRS, EvaluationKind.values()));
        assertThat(outcome.runs()).singleElement().satisfies(run -> {
            assertThat(run.outcome()).isEqualTo(RunOutcome.DONE);
            assertThat(run.reason()).isEqualTo("LINEAR_PROBE was given up: out of memory");
        });
    }

    @Test
    void secondStart_onTheSameFolder_isRefusedInOneLine() {
        node(0);
        assertThatThrownBy(() -> CoordinatorNode.start(CoordinatorSettings.local(folder, "secret")))
                .isInstanceOf(InvalidSpecException.class)
                .hasMessageContaining(
                        "in use by process " + ProcessHandle.current().pid());
    }

    @Test
    void start_onAPortThatIsTaken_isRefusedInOneLine(@TempDir Path other) {
        int taken = node(0).port();
        CoordinatorSettings settings =
                CoordinatorSettings.local(other, "secret").withPort(taken);
        assertThatThrownBy(() -> CoordinatorNode.start(settings))
                .isInstanceOf(InvalidSpecException.class)
                .hasMessageContaining("cannot listen on 127.0.0.1:" + taken);
    }

    private CoordinatorNode node(int port) {
        CoordinatorNode node = CoordinatorNode.start(
                CoordinatorSettings.local(folder, "secret").withPort(port));
        open.add(node);
        return node;
    }

    private ScriptedWorker worker(String id, long incarnation, CoordinatorNode node, Fault fault) {
        ScriptedWorker worker = new ScriptedWorker(id, incarnation, node.port(), fault);
        open.add(worker);
        return worker;
    }

    private static StudyOutcome run(CoordinatorNode node, StudyPlan plan) throws Exception {
        node.submit(plan).toCompletableFuture().get(20, TimeUnit.SECONDS);
        return outcome(node, plan);
    }

    private static StudyOutcome outcome(CoordinatorNode node, StudyPlan plan) throws Exception {
        return node.outcome(plan.studyId()).toCompletableFuture().get(90, TimeUnit.SECONDS);
    }

    private <E extends LiveEvent> List<E> events(Class<E> type) {
        return seen.stream().filter(type::isInstance).map(type::cast).toList();
    }
}

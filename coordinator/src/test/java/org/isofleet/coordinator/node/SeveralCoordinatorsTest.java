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
import org.isofleet.coordinator.journal.JournalSettings;
import org.isofleet.coordinator.journal.TestServer;
import org.isofleet.coordinator.node.ScriptedWorker.Fault;
import org.isofleet.metrics.live.LiveEvent;
import org.isofleet.protocol.run.RunOutcome;
import org.isofleet.protocol.run.StudyOutcome;
import org.isofleet.protocol.study.EvaluationKind;
import org.isofleet.protocol.study.InvalidSpecException;
import org.isofleet.protocol.study.StudyPlan;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Two coordinators on a real PostgreSQL, in one process. A folder each, for a process locks a file for itself only once. */
@Timeout(120)
class SeveralCoordinatorsTest {
    @TempDir
    Path temp = Path.of("");

    private final JournalSettings journal = TestServer.database();
    private final List<AutoCloseable> open = new ArrayList<>();

    @AfterEach
    void closeAll() throws Exception {
        for (int i = open.size() - 1; i >= 0; i--) {
            open.get(i).close();
        }
    }

    @Test
    void firstLeaves_secondEndsTheStudy_andBothSawAllOfIt() throws Exception {
        CoordinatorNode first = node("first");
        CoordinatorNode second = node("second");
        List<LiveEvent> seenBySecond = new CopyOnWriteArrayList<>();
        second.subscribe(seenBySecond::add);
        ScriptedWorker a = worker("a", first);
        ScriptedWorker b = worker("b", second);
        StudyPlan plan =
                TestPlans.study(2, 200, TestPlans.policy(1, 2, Duration.ofSeconds(5)), EvaluationKind.HELD_OUT_LOSS);
        first.submit(plan).toCompletableFuture().get(30, TimeUnit.SECONDS);
        await().atMost(30, TimeUnit.SECONDS).until(() -> a.step.get() > 5 && b.step.get() > 5);
        await().untilAsserted(() ->
                assertThat(states(seenBySecond, LiveEvent.RunState.TRAINING)).isEqualTo(2));
        first.close();
        ScriptedWorker c = worker("c", second);
        StudyOutcome outcome =
                second.outcome(plan.studyId()).toCompletableFuture().get(60, TimeUnit.SECONDS);
        assertThat(outcome.count(RunOutcome.DONE)).isEqualTo(2);
        assertThat(b.generations()).containsExactly(1L);
        assertThat(c.generations()).isNotNull();
        await().untilAsserted(() ->
                assertThat(states(seenBySecond, LiveEvent.RunState.DONE)).isEqualTo(2));
    }

    @Test
    void journalOfAnotherFolder_isRefusedInOneLine() {
        node("first");
        CoordinatorSettings other = CoordinatorSettings.local(temp.resolve("other"), "another secret")
                .withJournal(journal);
        assertThatThrownBy(() -> CoordinatorNode.start(other))
                .isInstanceOf(InvalidSpecException.class)
                .hasMessageContaining("belongs to another study folder");
    }

    private static long states(List<LiveEvent> seen, LiveEvent.RunState state) {
        return seen.stream()
                .filter(LiveEvent.RunChanged.class::isInstance)
                .map(LiveEvent.RunChanged.class::cast)
                .filter(event -> event.state() == state)
                .map(LiveEvent.RunChanged::runId)
                .distinct()
                .count();
    }

    private CoordinatorNode node(String folder) {
        CoordinatorNode node = CoordinatorNode.start(
                CoordinatorSettings.local(temp.resolve(folder), "secret").withJournal(journal));
        open.add(node);
        return node;
    }

    private ScriptedWorker worker(String id, CoordinatorNode node) {
        ScriptedWorker worker = new ScriptedWorker(id, 1, node.port(), Fault.NONE);
        open.add(worker);
        return worker;
    }
}

package org.isofleet.coordinator.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.isofleet.coordinator.TestPlans;
import org.isofleet.coordinator.journal.JournalContent;
import org.isofleet.coordinator.journal.JournalMigration;
import org.isofleet.coordinator.journal.JournalSettings;
import org.isofleet.coordinator.journal.TestServer;
import org.isofleet.coordinator.node.ScriptedWorker.Fault;
import org.isofleet.metrics.live.LiveEvent;
import org.isofleet.protocol.group.StartPoint;
import org.isofleet.protocol.run.RunOutcome;
import org.isofleet.protocol.study.EvaluationKind;
import org.isofleet.protocol.study.InvalidSpecException;
import org.isofleet.protocol.study.StudyPlan;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class JournalMigrationTest {
    @TempDir
    Path folder = Path.of("");

    private final JournalSettings.PostgreSql database = TestServer.database();

    @Test
    void studyThatWasMoved_goesOnFromItsCheckpoint_andItsFileIsNotGoneOnFrom() throws Exception {
        CoordinatorSettings embedded = CoordinatorSettings.local(folder, "secret");
        StudyPlan plan =
                TestPlans.study(1, 100, TestPlans.policy(1, 2, Duration.ofSeconds(5)), EvaluationKind.HELD_OUT_LOSS);
        List<LiveEvent> seen = new CopyOnWriteArrayList<>();
        try (CoordinatorNode before = CoordinatorNode.start(embedded);
                ScriptedWorker worker = new ScriptedWorker("a", 1, before.port(), Fault.NONE)) {
            before.subscribe(seen::add);
            before.submit(plan).toCompletableFuture().get(30, TimeUnit.SECONDS);
            await().atMost(30, TimeUnit.SECONDS)
                    .until(() -> seen.stream().anyMatch(LiveEvent.CheckpointCommitted.class::isInstance));
            assertThat(worker.step.get()).isPositive();
        }
        assertThat(JournalMigration.move(folder, database).events()).isGreaterThan(5);
        assertThat(folder.resolve("journal.mv.db")).doesNotExist();
        try (CoordinatorNode after = CoordinatorNode.start(embedded.withJournal(database));
                ScriptedWorker again = new ScriptedWorker("a", 2, after.port(), Fault.NONE)) {
            assertThat(after.outcome(plan.studyId())
                            .toCompletableFuture()
                            .get(60, TimeUnit.SECONDS)
                            .count(RunOutcome.DONE))
                    .isEqualTo(1);
            assertThat(again.starts()).first().isInstanceOf(StartPoint.FromCheckpoint.class);
        }
    }

    @Test
    void folderWithoutAJournal_isRefused() {
        assertThatThrownBy(() -> JournalMigration.move(folder, database))
                .isInstanceOf(InvalidSpecException.class)
                .hasMessageContaining("journal.mv.db is missing");
    }

    @Test
    void databaseWithAnotherJournal_isRefused_andTheFileStays() throws IOException {
        JournalContent nothing = moveEmpty();
        assertThat(nothing.events()).isZero();
        TestServer.execute(
                database,
                "INSERT INTO event_journal (persistence_id, sequence_number, writer, event_ser_id, event_ser_manifest,"
                        + " event_payload) VALUES ('run|x', 1, '', 1, '', '')");
        assertThatThrownBy(this::moveEmpty)
                .isInstanceOf(InvalidSpecException.class)
                .hasMessageContaining("holds 1 events of another journal");
        assertThat(folder.resolve("journal.mv.db")).exists();
    }

    private JournalContent moveEmpty() throws IOException {
        Files.createFile(folder.resolve("journal.mv.db"));
        return JournalMigration.move(folder, database);
    }
}

package org.isofleet.deploy.bits;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Coordinators lose their database, freeze and die, one by one and all of them for a minute: step loops do not notice, what they did
 * meanwhile counts, and no bit changes. Three share a PostgreSQL; one of another study has its journal in a file, and is moved. Workers are
 * slowed, so that a short run lasts, and the quiet run that all are compared to has the processor in the minute in which nobody decides.
 */
@Tag("slow")
class CoordinatorFailuresTest {
    private static final Duration PATIENCE = Duration.ofMinutes(4);
    private static final Duration AWAY = Duration.ofSeconds(60);
    private static final long CHECKPOINT_EVERY = 250;
    private static final Pattern GENERATION = Pattern.compile("\"generation\":(\\d+)");
    private static final Pattern STEP = Pattern.compile("\"step\":(\\d+)");

    @TempDir(cleanup = org.junit.jupiter.api.io.CleanupMode.ON_SUCCESS)
    Path temp = Path.of("");

    @Test
    void coordinatorsThatLoseTheirDatabaseFreezeAndDie_changeNoBit() throws Exception {
        Path study = SameBitsTest.file("failures.conf");
        try (StoppableDatabase database = new StoppableDatabase(temp.resolve("database"));
                CoordinatorProcesses shared = new CoordinatorProcesses(study, temp.resolve("shared"), 3);
                CoordinatorProcesses alone = new CoordinatorProcesses(study, temp.resolve("alone"), 1);
                SlowedProcesses slowed = new SlowedProcesses()) {
            String journal = database.create("journal");
            StudyProcess first = shared.coordinator(0, journal);
            awaitEvent(first, "study-started");
            StudyProcess w1 = shared.worker("w1");
            awaitEvent(first, "checkpoint-committed");
            slowed.add(w1);
            StudyProcess second = shared.coordinator(1, journal);
            StudyProcess third = shared.coordinator(2, journal);
            await().atMost(PATIENCE).until(() -> members(database).size() == 3);
            Path copy = temp.resolve("copy.mv.db");
            shared.journal("backup", copy.toString());

            losesItsDatabase(database, first);
            StudyProcess only = alone.coordinator(0);
            StudyProcess w2 = freezesAndWakes(database, shared, first);
            slowed.add(w2);
            awaitEvent(only, "study-started");
            StudyProcess v1 = alone.worker("v1");
            awaitEvent(only, "checkpoint-committed");
            slowed.add(v1);
            dies(database, second, third);

            StudyProcess.kill(third.process().toHandle());
            StudyProcess.kill(only.process().toHandle());
            Map<String, String> undisturbed = quietlyWhileNobodyDecides(study, third, only);
            StudyProcess again = shared.coordinator(0);
            StudyProcess back = alone.coordinator(0);
            assertGoesOn(again, Set.of(1L, 2L));
            assertGoesOn(back, Set.of(1L));

            StudyProcess.kill(again.process().toHandle());
            StudyProcess.kill(back.process().toHandle());
            shared.journal("restore", copy.toString(), "--journal", database.create("restored"));
            alone.journal("migrate", "--journal", database.create("moved"));
            slowed.close();
            StudyProcess restored = shared.coordinator(0);
            StudyProcess moved = alone.coordinator(0);
            assertThat(restored.digests()).isEqualTo(undisturbed);
            assertThat(moved.digests()).isEqualTo(undisturbed);
            assertThat(generations(restored)).as("above that of the workers").contains(3L);
            assertThat(generations(moved)).containsExactly(1L);
            assertThat(only.told()).contains("isofleet worker --coordinator " + alone.joining());
            assertThat(restored.events("read the checkpoint")).isEmpty();
            assertThat(moved.events("read the checkpoint")).isEmpty();
            assertThat(Stream.of(w1, w2, v1))
                    .allMatch(worker -> worker.process().isAlive());
        }
    }

    /** Steps go on meanwhile, and what they came to is journaled afterwards. */
    private static void losesItsDatabase(StoppableDatabase database, StudyProcess coordinator) throws IOException {
        long before = coordinator.newestStepOnDisk();
        database.stop();
        await().atMost(PATIENCE).until(() -> coordinator.newestStepOnDisk() > before + CHECKPOINT_EVERY);
        long written = coordinator.newestStepOnDisk();
        database.start();
        awaitCommitted(coordinator, written);
        assertThat(generations(coordinator)).containsExactly(1L);
    }

    /** While it is frozen a worker comes, which another one has to place. */
    private static StudyProcess freezesAndWakes(
            StoppableDatabase database, CoordinatorProcesses fleet, StudyProcess frozen) throws Exception {
        StudyProcess.signal("STOP", frozen.process().toHandle());
        StudyProcess joining = fleet.worker("w2");
        await().atMost(PATIENCE).until(() -> journaled(database, "GenerationStarted") == 2);
        StudyProcess.signal("CONT", frozen.process().toHandle());
        assertThat(frozen.process().waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS))
                .isTrue();
        return joining;
    }

    private static void dies(StoppableDatabase database, StudyProcess dying, StudyProcess staying) {
        long before = staying.newestStepOnDisk();
        StudyProcess.kill(dying.process().toHandle());
        await().atMost(PATIENCE).until(() -> members(database).size() == 1);
        await().atMost(PATIENCE).until(() -> staying.newestStepOnDisk() > before);
        awaitCommitted(staying, staying.newestStepOnDisk());
        assertThat(generations(staying)).containsExactly(1L, 2L);
        assertThat(journaled(database, "GenerationBegun")).isEqualTo(2);
        assertOneWriterAtATime(database);
    }

    /** The run that the others are compared to, in the minute after the death. */
    private Map<String, String> quietlyWhileNobodyDecides(Path study, StudyProcess... dead) throws Exception {
        long begin = System.nanoTime();
        List<Long> before = Stream.of(dead).map(StudyProcess::newestStepOnDisk).toList();
        Map<String, String> digests;
        try (StudyProcess quiet = StudyProcess.study(study, temp.resolve("quiet"), 2)) {
            digests = quiet.digests();
        }
        await().atMost(AWAY.plusSeconds(10)).until(() -> System.nanoTime() - begin > AWAY.toNanos());
        for (int i = 0; i < dead.length; i++) {
            assertThat(dead[i].newestStepOnDisk()).isGreaterThan(before.get(i) + 2 * CHECKPOINT_EVERY);
        }
        return digests;
    }

    /** What was trained meanwhile counts, in the generation that there was, and more is to come. */
    private static void assertGoesOn(StudyProcess again, Set<Long> generations) {
        awaitCommitted(again, again.newestStepOnDisk());
        assertThat(generations(again)).isEqualTo(generations);
        assertThat(again.events("read the checkpoint")).isEmpty();
        assertThat(again.events("checkpoint-committed", "\"last\":true")).isEmpty();
    }

    /** Nobody writes for an entity after another has written for it. */
    private static void assertOneWriterAtATime(StoppableDatabase database) {
        Set<String> past = new HashSet<>();
        String last = "";
        for (String writer : database.rows(
                "journal",
                "SELECT persistence_id || ' ' || writer FROM event_journal ORDER BY persistence_id, sequence_number")) {
            if (!writer.equals(last)) {
                assertThat(past).doesNotContain(writer);
                past.add(last);
                last = writer;
            }
        }
    }

    private static List<String> members(StoppableDatabase database) {
        return database.rows("journal", "SELECT address FROM isofleet_coordinator WHERE joined");
    }

    private static long journaled(StoppableDatabase database, String event) {
        return Long.parseLong(database.rows(
                        "journal", "SELECT count(*) FROM event_journal WHERE event_ser_manifest LIKE '%" + event + "%'")
                .get(0));
    }

    private static void awaitEvent(StudyProcess study, String event) {
        await().atMost(PATIENCE).until(() -> !study.events(event).isEmpty());
    }

    private static void awaitCommitted(StudyProcess study, long step) {
        await().atMost(PATIENCE)
                .until(() -> numbers(study.events("checkpoint-committed"), STEP).anyMatch(s -> s >= step));
    }

    private static Set<Long> generations(StudyProcess study) {
        return numbers(study.events("run-changed"), GENERATION)
                .filter(generation -> generation > 0)
                .collect(Collectors.toSet());
    }

    private static Stream<Long> numbers(List<String> lines, Pattern pattern) {
        return lines.stream()
                .flatMap(line -> pattern.matcher(line).results())
                .map(found -> Long.valueOf(found.group(1)));
    }
}

package org.isofleet.metrics.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.NamedCsvRecord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.List;
import org.isofleet.metrics.live.LiveEvent.Progress;
import org.isofleet.metrics.live.LiveEvent.RunChanged;
import org.isofleet.metrics.live.LiveEvent.RunState;
import org.isofleet.metrics.live.LiveEvent.WorkerSeen;
import org.isofleet.protocol.run.GenerationCause;
import org.isofleet.protocol.study.InvalidSpecException;
import org.isofleet.protocol.study.RunId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StudyFolderTest {
    private static final List<LiveEvent> EVENTS = SimulatedStudy.events();
    private static final long KEPT = EVENTS.stream()
            .filter(e -> !(e instanceof Progress) && !(e instanceof WorkerSeen))
            .count();

    @TempDir
    private Path folder;

    @Test
    void read_ofAFinishedStudy_givesItsResultsAndCurves() throws IOException {
        write(EVENTS);

        StudyView read = StudyFolder.read(folder);

        StudyView told = SimulatedStudy.fold(EVENTS);
        assertThat(StudyAnswer.of("study", "x", read)).isEqualTo(StudyAnswer.of("study", "x", told));
        assertThat(read.plan()).isEqualTo(told.plan());
        assertThat(read.log()).isNotEmpty();
        assertThat(read.runs())
                .allSatisfy(run -> assertThat(run.trace().curve())
                        .isEqualTo(told.run(run.id()).orElseThrow().trace().curve()));
    }

    @Test
    void read_tellsOfTheWorkersAsLastHeardOf() throws IOException {
        write(EVENTS);

        StudyView told = SimulatedStudy.fold(EVENTS);
        assertThat(told.workers()).hasSize(2);
        assertThat(StatusAnswer.of("x", StudyFolder.read(folder)).workers())
                .isEqualTo(StatusAnswer.of("x", told).workers());
    }

    @Test
    void read_ofAFolderWithDamagedWorkers_leavesThemOut() throws IOException {
        write(EVENTS);
        Files.writeString(folder.resolve("workers.json"), "[{");

        assertThat(StudyFolder.read(folder).workers()).isEmpty();
        assertThat(StudyFolder.read(folder).runs()).isNotEmpty();
    }

    @Test
    void accept_theWholeStudyAgain_writesNoEventTwice() throws IOException {
        write(EVENTS);
        String before = events();

        write(EVENTS);

        assertThat(events()).isEqualTo(before);
        assertThat(before.lines()).hasSize((int) KEPT).doesNotHaveDuplicates();
        assertThat(before).doesNotContain("\"progress\"", "\"worker-seen\"");
    }

    @Test
    void accept_aStateThatARunComesBackTo_writesItAgain() throws IOException {
        RunId run = SimulatedStudy.plan().runs().get(0).spec().id();
        LiveEvent first = changed(run, 1, RunState.TRAINING);
        write(List.of(first, changed(run, 2, RunState.WAITING), changed(run, 3, RunState.TRAINING), first));
        write(List.of(changed(run, 4, RunState.TRAINING), first));

        assertThat(events().lines()).hasSize(3);
        assertThat(events().lines()).last().asString().contains("TRAINING");
    }

    @Test
    void accept_aChangeThatIsToldAgainWithoutItsCause_writesItOnce() throws IOException {
        RunId run = SimulatedStudy.plan().runs().get(0).spec().id();
        Instant at = Instant.ofEpochSecond(1);
        List<String> workers = List.of("w1");
        RunChanged caused = new RunChanged(at, run, RunState.FORMING, 2, workers, 1, "w2 lost", GenerationCause.LOST);
        write(List.of(caused));
        write(List.of(new RunChanged(at.plusSeconds(5), run, RunState.FORMING, 2, workers, 1, "w2 lost")));

        assertThat(events().lines()).hasSize(1);
        assertThat(StudyFolder.events(folder)).containsExactly(caused);
    }

    private static RunChanged changed(RunId run, int second, RunState state) {
        return new RunChanged(Instant.ofEpochSecond(second), run, state, 1, List.of("w1"), 0, null);
    }

    @Test
    void open_afterAKilledWriter_cutsTheTornLineAndTakesItAgain() throws IOException {
        write(EVENTS);
        String whole = events();
        Path file = folder.resolve("events.jsonl");
        Files.writeString(file, whole.substring(0, whole.length() - 25));

        try (StudyFolder reopened = StudyFolder.open(folder)) {
            assertThat(events()).endsWith("\n").hasLineCount((int) KEPT - 1);
            EVENTS.forEach(reopened);
        }

        assertThat(events()).isEqualTo(whole);
    }

    @Test
    void read_withALineThatIsNoEvent_leavesOnlyThatOut() throws IOException {
        write(EVENTS);
        Files.writeString(
                folder.resolve("events.jsonl"),
                "{\"event\": \"from-the-future\"}\nrubbish\n",
                StandardOpenOption.APPEND);

        assertThat(StudyFolder.read(folder).finished()).isNotNull();
    }

    @Test
    void read_ofAFolderWithoutAStudy_namesItAndTheMend() {
        assertThatThrownBy(() -> StudyFolder.read(folder))
                .isInstanceOf(InvalidSpecException.class)
                .hasMessageContaining(folder.toString())
                .hasMessageContaining("events.jsonl");
    }

    @Test
    void runsCsv_hasOneRowForEveryRun() throws IOException {
        write(EVENTS);
        write(EVENTS);

        try (CsvReader<NamedCsvRecord> csv = CsvReader.builder().ofNamedCsvRecord(folder.resolve("runs.csv"))) {
            List<NamedCsvRecord> rows = csv.stream().toList();
            assertThat(rows).hasSize(SimulatedStudy.plan().runs().size());
            assertThat(rows).extracting(row -> row.getField("id")).doesNotHaveDuplicates();
            assertThat(rows)
                    .filteredOn(row -> row.getField("state").equals("done"))
                    .allSatisfy(row -> assertThat(Double.parseDouble(row.getField("loss_nats_per_pixel")))
                            .isBetween(2.0, 12.0));
        }
    }

    @Test
    void close_leavesNoTemporaryFiles() throws IOException {
        write(EVENTS);

        try (var files = Files.list(folder)) {
            assertThat(files.map(f -> f.getFileName().toString()))
                    .containsExactlyInAnyOrder("events.jsonl", "runs.csv", "curves.json", "workers.json");
        }
    }

    private void write(List<LiveEvent> events) throws IOException {
        try (StudyFolder open = StudyFolder.open(folder)) {
            events.forEach(open);
        }
    }

    private String events() throws IOException {
        return Files.readString(folder.resolve("events.jsonl"));
    }
}

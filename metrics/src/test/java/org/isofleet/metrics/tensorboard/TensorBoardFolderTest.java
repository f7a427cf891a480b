package org.isofleet.metrics.tensorboard;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.isofleet.metrics.live.LiveEvent;
import org.isofleet.metrics.live.LiveEvent.Progress;
import org.isofleet.metrics.live.RunView;
import org.isofleet.metrics.live.SimulatedStudy;
import org.isofleet.metrics.live.StudyView;
import org.isofleet.protocol.metric.StepMetrics;
import org.isofleet.protocol.study.PlannedRun;
import org.isofleet.protocol.study.RunId;
import org.isofleet.protocol.study.RunSpec;
import org.isofleet.protocol.study.StudyPlan;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tensorflow.framework.Summary;
import org.tensorflow.util.Event;

class TensorBoardFolderTest {
    private static final List<LiveEvent> EVENTS = SimulatedStudy.events();
    private static final StudyView VIEW = SimulatedStudy.finished();
    private static final RunView RUN = VIEW.runs().get(0);

    @TempDir
    private Path folder;

    @Test
    void everyRunThatTrained_hasAFileThatTensorFlowReads() throws IOException {
        write(new TensorBoardFolder(folder), EVENTS);

        for (RunView run : VIEW.runs()) {
            Path file = folder.resolve(TensorBoardFolder.name(run)).resolve(ScalarFile.NAME);
            if (run.trace().step() == 0) {
                assertThat(file).doesNotExist();
                continue;
            }
            List<Event> events = TensorFlowReader.events(file);
            assertThat(events.get(0).getFileVersion()).isEqualTo("brain.Event:2");
            assertThat(events.get(0).getWallTime()).isGreaterThan(1.7e9);
            List<Event> losses = with("loss/train", events);
            assertThat(losses).extracting(Event::getStep).isSorted().doesNotHaveDuplicates();
            assertThat(losses.get(losses.size() - 1).getStep())
                    .isEqualTo(run.trace().curve().lastStep());
            assertThat(value("loss/held_out", events))
                    .isEqualTo((float) run.loss().orElseThrow());
            assertThat(with("loss/held_out", events).get(0).getStep())
                    .isEqualTo(run.spec().steps());
            assertThat(with("optimizer/gradient_norm", events)).hasSameSizeAs(losses);
            assertThat(with("speed/tokens_per_second", events)).isNotEmpty();
        }
    }

    @Test
    void firstRecord_isThatOfTensorFlow() throws IOException {
        write(new TensorBoardFolder(folder), EVENTS);

        byte[] bytes = Files.readAllBytes(file());
        String head = HexFormat.of().formatHex(bytes, 0, 13); // of any file that TensorFlow writes
        assertThat(head).isEqualTo("1800000000000000a37f4b2209");
    }

    /** A restart shows its past once more, and a run that goes back to a checkpoint computes its steps again. */
    @Test
    void eventsThatComeAgain_addNothing() throws IOException {
        write(new TensorBoardFolder(folder), EVENTS);
        byte[] before = Files.readAllBytes(file());

        TensorBoardFolder again = new TensorBoardFolder(folder);
        write(again, EVENTS);
        again.take(VIEW, progress(2, RUN.trace().curve().lastStep()));

        assertThat(Files.readAllBytes(file())).isEqualTo(before);
    }

    /** Whatever byte a killed writer had come to. */
    @Test
    void fileThatWasCutAnywhere_goesOnWithWholeRecords() throws IOException {
        List<LiveEvent> few = List.of(progress(1, 3), progress(4, 5));
        TensorBoardFolder first = new TensorBoardFolder(folder);
        few.forEach(event -> first.take(VIEW, event));
        byte[] whole = Files.readAllBytes(file());

        for (int length = 0; length <= whole.length; length++) {
            Files.write(file(), Arrays.copyOf(whole, length));
            TensorBoardFolder restarted = new TensorBoardFolder(folder);
            few.forEach(event -> restarted.take(VIEW, event));
            restarted.take(VIEW, progress(6, 6));
            assertThat(with("loss/train", TensorFlowReader.events(file())))
                    .as("cut at " + length)
                    .extracting(Event::getStep)
                    .containsExactly(1L, 2L, 3L, 4L, 5L, 6L);
        }
    }

    @Test
    void damagedRecord_endsWhatCounts() throws IOException {
        TensorBoardFolder first = new TensorBoardFolder(folder);
        first.take(VIEW, progress(1, 9));
        byte[] bytes = Files.readAllBytes(file());
        bytes[bytes.length - 20] ^= 1;
        Files.write(file(), bytes);

        new TensorBoardFolder(folder).take(VIEW, progress(10, 10));

        assertThat(with("loss/train", TensorFlowReader.events(file())))
                .extracting(Event::getStep)
                .containsExactly(1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L, 10L);
    }

    @Test
    void folderThatCannotBeWritten_isTriedAgainAndStopsNobody() throws IOException {
        Path taken = folder.resolve("taken");
        Files.writeString(taken, "a file where the folder should be");
        TensorBoardFolder sink = new TensorBoardFolder(taken);
        sink.take(VIEW, progress(1, 2));
        Files.delete(taken);
        sink.take(VIEW, progress(3, 4));

        Path file = taken.resolve(TensorBoardFolder.name(RUN)).resolve(ScalarFile.NAME);
        assertThat(with("loss/train", TensorFlowReader.events(file)))
                .extracting(Event::getStep)
                .containsExactly(3L, 4L);
    }

    @Test
    void longRun_isThinned_andItsLastStepStands() throws IOException {
        StudyPlan plan = SimulatedStudy.plan();
        RunSpec few = RUN.spec();
        RunSpec many = new RunSpec(
                few.shape(),
                few.images(),
                few.budget(),
                12L * TensorBoardFolder.MOST_POINTS,
                few.batch(),
                few.virtualShards(),
                few.optimizer(),
                few.schedule(),
                few.engine(),
                few.precision(),
                few.seed(),
                few.checkpointEvery(),
                few.exact());
        PlannedRun longRun = new PlannedRun(many, true, null, 1 << 20);
        StudyView view = StudyView.EMPTY.with(new LiveEvent.StudyStarted(
                SimulatedStudy.START,
                new StudyPlan(
                        plan.studyId(),
                        plan.name(),
                        List.of(longRun),
                        List.of(),
                        plan.evaluation(),
                        plan.policy(),
                        plan.choices())));
        TensorBoardFolder sink = new TensorBoardFolder(folder);
        for (long step = 1; step <= many.steps(); step += 1000) {
            sink.take(view, progress(many.id(), step, step + 999));
        }

        RunView run = view.runs().get(0);
        List<Event> losses = with(
                "loss/train",
                TensorFlowReader.events(
                        folder.resolve(TensorBoardFolder.name(run)).resolve(ScalarFile.NAME)));
        assertThat(losses).hasSizeBetween(9_900, 10_010);
        assertThat(losses.get(losses.size() - 1).getStep()).isEqualTo(many.steps());
    }

    private Path file() {
        return folder.resolve(TensorBoardFolder.name(RUN)).resolve(ScalarFile.NAME);
    }

    private static Progress progress(long from, long to) {
        return progress(RUN.id(), from, to);
    }

    private static Progress progress(RunId run, long from, long to) {
        List<StepMetrics> steps = new ArrayList<>();
        for (long step = from; step <= to; step++) {
            steps.add(new StepMetrics(step, 4.0 / step, 0.5, 0.004, 0.01));
        }
        return new Progress(SimulatedStudy.START.plusSeconds(to), run, 1, steps, 1000);
    }

    private static void write(TensorBoardFolder sink, List<LiveEvent> events) {
        StudyView view = StudyView.EMPTY;
        for (LiveEvent event : events) {
            view = view.with(event);
            sink.take(view, event);
        }
    }

    private static List<Event> with(String tag, List<Event> events) {
        return events.stream()
                .filter(event -> event.getSummary().getValueList().stream()
                        .anyMatch(value -> value.getTag().equals(tag)))
                .toList();
    }

    private static float value(String tag, List<Event> events) {
        return with(tag, events).stream()
                .flatMap(event -> event.getSummary().getValueList().stream())
                .filter(value -> value.getTag().equals(tag))
                .map(Summary.Value::getSimpleValue)
                .findFirst()
                .orElseThrow();
    }
}

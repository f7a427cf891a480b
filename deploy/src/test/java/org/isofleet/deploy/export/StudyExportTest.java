package org.isofleet.deploy.export;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.NamedCsvRecord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.hadoop.ParquetReader;
import org.apache.parquet.hadoop.api.ReadSupport;
import org.apache.parquet.hadoop.example.GroupReadSupport;
import org.apache.parquet.io.InputFile;
import org.apache.parquet.io.LocalInputFile;
import org.apache.parquet.schema.Type;
import org.isofleet.deploy.export.StudyExport.Target;
import org.isofleet.metrics.live.LiveEvent;
import org.isofleet.metrics.live.LiveEvent.RunState;
import org.isofleet.metrics.live.StudyFolder;
import org.isofleet.metrics.tensorboard.ScalarFile;
import org.isofleet.metrics.tensorboard.TensorBoardFolder;
import org.isofleet.protocol.group.CheckpointRef;
import org.isofleet.protocol.metric.EvaluationResult.HeldOutLoss;
import org.isofleet.protocol.metric.StepMetrics;
import org.isofleet.protocol.study.Budget;
import org.isofleet.protocol.study.EvaluationSpec;
import org.isofleet.protocol.study.ImageSetRef;
import org.isofleet.protocol.study.ModelShape;
import org.isofleet.protocol.study.OptimizerSpec;
import org.isofleet.protocol.study.PlannedRun;
import org.isofleet.protocol.study.RunPolicy;
import org.isofleet.protocol.study.RunSpec;
import org.isofleet.protocol.study.ScheduleSpec;
import org.isofleet.protocol.study.StudyPlan;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files are read back by the libraries of their formats, without the records that wrote them. */
class StudyExportTest {
    private static final Instant START = Instant.parse("2026-03-01T12:00:00Z");

    @TempDir
    Path temp = Path.of("");

    private Path folder = Path.of("");

    @BeforeEach
    void twoRuns() throws IOException {
        folder = temp.resolve("study");
        RunSpec done = spec(1);
        RunSpec waits = spec(2);
        StudyPlan plan = new StudyPlan(
                "0123456789abcdef",
                "tiny",
                List.of(
                        new PlannedRun(done, true, null, 1 << 20),
                        new PlannedRun(waits, false, "head-dominated, \"really\"", 1 << 20)),
                List.of(),
                EvaluationSpec.defaults(),
                RunPolicy.defaults(),
                List.of("levels: 32"));
        String digest = "0f".repeat(32);
        List<StepMetrics> steps = new ArrayList<>();
        for (int step = 1; step <= 100; step++) {
            steps.add(new StepMetrics(step, 10.0 / step, 0.5, 0.01, 0.02));
        }
        try (StudyFolder open = StudyFolder.open(folder)) {
            open.accept(new LiveEvent.StudyStarted(START, plan));
            open.accept(new LiveEvent.Progress(START.plusSeconds(4), done.id(), 1, steps, 1000));
            open.accept(new LiveEvent.CheckpointCommitted(
                    START.plusSeconds(5), new CheckpointRef(done.id(), 100, digest, "last"), true, 5));
            open.accept(new LiveEvent.EvaluationRecorded(
                    START.plusSeconds(6), done.id(), digest, new HeldOutLoss("test", 3.25, 1.56, 0.01, 20)));
            open.accept(new LiveEvent.RunChanged(
                    START.plusSeconds(7), done.id(), RunState.DONE, 1, List.of("w1"), 0, null));
        }
    }

    private static RunSpec spec(long seed) {
        return new RunSpec(
                ModelShape.of(8, 3, 32, 1, 16, 1),
                new ImageSetRef("embedded:noto", "ab".repeat(32), 100),
                new Budget(1e9),
                100,
                4,
                2,
                OptimizerSpec.of(0.01, 0.99),
                ScheduleSpec.cosine(5, 0.1),
                "dl4j",
                "fp32",
                seed,
                50,
                true);
    }

    @Test
    void parquet_hasTheColumnsAndValuesOfTheStudysOwnCsv() throws IOException {
        Path out = temp.resolve("parquet");
        assertThat(StudyExport.write(folder, Target.PARQUET, out))
                .containsExactly(out.resolve("runs.parquet"), out.resolve("curves.parquet"));

        List<Map<String, String>> runs = parquet(out.resolve("runs.parquet"));
        List<Map<String, String>> kept = csv(folder.resolve("runs.csv"));
        assertThat(runs).hasSize(2);
        assertThat(runs.get(0).keySet()).containsExactlyElementsOf(kept.get(0).keySet());
        for (int i = 0; i < 2; i++) {
            Map<String, String> run = runs.get(i);
            kept.get(i).forEach((column, value) -> {
                if (!column.equals("train_seconds")) { // rounded there
                    assertThat(run).containsEntry(column, value);
                }
            });
        }
        List<Map<String, String>> curves = parquet(out.resolve("curves.parquet"));
        assertThat(curves).hasSize(100);
        assertThat(curves.get(3))
                .containsEntry("step", "4")
                .containsEntry("loss_nats_per_pixel", "2.5")
                .containsEntry("run", spec(1).id().value());
    }

    @Test
    void csvAndJsonLines_sayTheSame() throws IOException {
        Path out = temp.resolve("text");
        StudyExport.write(folder, Target.CSV, out);
        StudyExport.write(folder, Target.JSONL, out);
        StudyExport.write(folder, Target.JSONL, out);

        List<Map<String, String>> runs = csv(out.resolve("runs.csv"));
        List<String> lines = Files.readAllLines(out.resolve("runs.jsonl"));
        assertThat(runs).hasSameSizeAs(lines).hasSize(2);
        for (int i = 0; i < 2; i++) {
            JsonNode json = new ObjectMapper().readTree(lines.get(i));
            runs.get(i)
                    .forEach((column, value) ->
                            assertThat(json.path(column).asText()).as(column).isEqualTo(value));
        }
        assertThat(Files.readAllLines(out.resolve("curves.jsonl"))).hasSize(100);
        try (Stream<Path> files = Files.list(out)) {
            assertThat(files).hasSize(4);
        }
    }

    @Test
    void tensorboard_isMadeOfTheCurve_whereNoFileWasWritten() throws IOException {
        Path out = temp.resolve("events");
        List<Path> files = StudyExport.write(folder, Target.TENSORBOARD, out);
        String name = TensorBoardFolder.name(StudyFolder.read(folder).runs().get(0));
        Path made = out.resolve(name);
        assertThat(files).containsExactly(made.resolve(ScalarFile.NAME));
        assertThat(ScalarFile.open(made).lastStep("loss/train")).isEqualTo(100);

        ScalarFile own = ScalarFile.open(folder.resolve(TensorBoardFolder.NAME).resolve(name));
        own.append(List.of(new ScalarFile.Step(START, 7, Map.of("own", 1f))));
        StudyExport.write(folder, Target.TENSORBOARD, out);
        assertThat(ScalarFile.open(made).lastStep("own")).isEqualTo(7);
    }

    private static List<Map<String, String>> csv(Path file) throws IOException {
        List<Map<String, String>> rows = new ArrayList<>();
        try (CsvReader<NamedCsvRecord> csv = CsvReader.builder().ofNamedCsvRecord(file)) {
            csv.forEach(row -> rows.add(new LinkedHashMap<>(row.getFieldsAsMap())));
        }
        return rows;
    }

    private static List<Map<String, String>> parquet(Path file) throws IOException {
        List<Map<String, String>> rows = new ArrayList<>();
        try (ParquetReader<Group> reader = new Groups(new LocalInputFile(file)).build()) {
            for (Group row = reader.read(); row != null; row = reader.read()) {
                Map<String, String> values = new LinkedHashMap<>();
                for (Type column : row.getType().getFields()) {
                    boolean there = row.getFieldRepetitionCount(column.getName()) > 0;
                    values.put(
                            column.getName(),
                            there ? row.getValueToString(row.getType().getFieldIndex(column.getName()), 0) : "");
                }
                rows.add(values);
            }
        }
        return rows;
    }

    private static final class Groups extends ParquetReader.Builder<Group> {
        Groups(InputFile file) {
            super(file, new PlainParquetConfiguration());
        }

        @Override
        protected ReadSupport<Group> getReadSupport() {
            return new GroupReadSupport();
        }
    }
}

package org.isofleet.deploy.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.isofleet.metrics.live.LiveEvent;
import org.isofleet.metrics.live.LiveEvent.RunState;
import org.isofleet.metrics.live.StudyFolder;
import org.isofleet.protocol.group.CheckpointRef;
import org.isofleet.protocol.metric.EvaluationResult.HeldOutLoss;
import org.isofleet.protocol.study.Budget;
import org.isofleet.protocol.study.EvaluationSpec;
import org.isofleet.protocol.study.ImageSetRef;
import org.isofleet.protocol.study.ModelShape;
import org.isofleet.protocol.study.OptimizerSpec;
import org.isofleet.protocol.study.PlannedRun;
import org.isofleet.protocol.study.RunId;
import org.isofleet.protocol.study.RunPolicy;
import org.isofleet.protocol.study.RunSpec;
import org.isofleet.protocol.study.ScheduleSpec;
import org.isofleet.protocol.study.StudyPlan;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StudyFolderCommandsTest {
    private static final Instant START = Instant.parse("2026-03-01T12:00:00Z");

    @TempDir
    private Path folder;

    @Test
    void report_ofAStudyFolder_writesTheFileAndNamesIt() throws IOException {
        oneRun();

        Call answer = Call.of("report", folder.toString());

        assertThat(answer.code()).isZero();
        assertThat(answer.out().strip()).isEqualTo(folder.resolve("report.html").toString());
        assertThat(Files.readString(folder.resolve("report.html"))).contains("Scaling study", "3.250");
    }

    @Test
    void report_ofAnEmptyFolder_isOneLineAndWritesNothing() throws IOException {
        Call answer = Call.of("report", folder.toString());

        assertThat(answer.code()).isEqualTo(2);
        assertThat(answer.err().lines()).hasSize(1).first().asString().contains(folder.toString(), "isofleet study");
        try (var files = Files.list(folder)) {
            assertThat(files).isEmpty();
        }
    }

    @Test
    void status_asText_hasALineForEveryRun() throws IOException {
        RunId id = oneRun();

        Call answer = Call.of("status", folder.toString());

        assertThat(answer.code()).isZero();
        assertThat(answer.out()).contains("tiny: 1 of 1 run done");
        assertThat(answer.out().lines())
                .anySatisfy(line -> assertThat(line).startsWith("done").contains("3.250", id.value()));
    }

    @Test
    void status_asJson_followsItsSchema() throws IOException {
        RunId id = oneRun();

        JsonNode json = new ObjectMapper()
                .readTree(Call.of("status", folder.toString(), "--json").out());

        assertThat(json.path("schema").asText()).isEqualTo("status/1");
        assertThat(json.path("studies").path(0).path("done").asInt()).isEqualTo(1);
        assertThat(json.path("runs").path(0).path("id").asText()).isEqualTo(id.value());
        assertThat(json.path("runs").path(0).path("state").asText()).isEqualTo("done");
        assertThat(json.path("workers").isArray()).isTrue();
    }

    private RunId oneRun() throws IOException {
        RunSpec spec = new RunSpec(
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
                1,
                50,
                true);
        StudyPlan plan = new StudyPlan(
                "0123456789abcdef",
                "tiny",
                List.of(new PlannedRun(spec, true, null, 1 << 20)),
                List.of(),
                EvaluationSpec.defaults(),
                RunPolicy.defaults(),
                List.of("levels: 32"));
        RunId id = spec.id();
        String digest = "0f".repeat(32);
        try (StudyFolder open = StudyFolder.open(folder)) {
            open.accept(new LiveEvent.StudyStarted(START, plan));
            open.accept(new LiveEvent.CheckpointCommitted(
                    START.plusSeconds(5), new CheckpointRef(id, 100, digest, "last"), true, 5));
            open.accept(new LiveEvent.EvaluationRecorded(
                    START.plusSeconds(6), id, digest, new HeldOutLoss("test", 3.25, 1.56, 0.01, 20)));
            open.accept(new LiveEvent.RunChanged(START.plusSeconds(7), id, RunState.DONE, 1, List.of("w1"), 0, null));
            open.accept(new LiveEvent.StudyFinished(START.plusSeconds(7), 1, 0, 7));
        }
        return id;
    }
}

package org.isofleet.deploy.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChaosCommandTest {
    private static final String STUDY = """
            name = under-fire
            images { location = "embedded:noto", levels = 32, resolutions = [16] }
            budgets = [2e10]
            models = ["2x8"]
            batch = 2
            optimizer { learning-rate = 0.025, beta2 = 0.99 }
            limits { max-epochs = 9 }
            checkpoint-every = 1000
            evaluation { kinds = [held-out-loss], held-out-images = 64 }
            """;

    @TempDir
    Path temp = Path.of("");

    @Test
    @Tag("slow")
    void studyUnderFaults_endsWithTheBitsOfTheQuietOne() throws Exception {
        Path study = Files.writeString(temp.resolve("under-fire.conf"), STUDY);
        Path out = temp.resolve("out");
        Call call = Call.of(
                "chaos",
                study,
                "--json",
                "--out",
                out,
                "--failures",
                5,
                "--mtbf",
                "1s",
                "--seed",
                2,
                "--kinds",
                "kill,slow,flip");
        assertThat(call.code()).as(call.err()).isZero();
        JsonNode answer = new ObjectMapper().readTree(call.out());
        Set<String> befell = new HashSet<>();
        answer.path("faults").forEach(row -> befell.add(row.path("kind").asText()));
        assertThat(befell).contains("flip", "kill");
        assertThat(answer.path("digests_equal").asBoolean()).isTrue();
        assertThat(answer.path("ledger_exact").asBoolean()).isTrue();
        assertThat(answer.path("runs_done").asBoolean()).isTrue();
        assertThat(answer.path("goodput").asDouble()).isBetween(0.05, 1.0);
        assertThat(answer.path("work_ratio").asDouble()).isBetween(0.2, 1.0);
        assertThat(answer.path("lost_steps").asLong()).isPositive(); // since the flipped bit
        assertThat(answer.path("left_out")).isEmpty();
        assertThat(answer.path("memory"))
                .extracting(role -> role.path("role").asText())
                .containsExactly("coordinator", "w1", "w2");
        assertThat(answer.path("memory"))
                .allSatisfy(role -> assertThat(role.path("max_bytes").asLong()).isBetween(10L << 20, 4L << 30));
        assertThat(ProcessHandle.current().children())
                .as("processes that are left")
                .isEmpty();
    }

    @Test
    void wrongInput_isRefusedInOneLine() throws Exception {
        Path study = Files.writeString(temp.resolve("under-fire.conf"), STUDY);
        Files.createFile(Files.createDirectory(temp.resolve("taken")).resolve("file"));
        List<Call> calls = List.of(
                Call.of("chaos", study, "--out", temp.resolve("taken")),
                Call.of("chaos", study, "--out", temp.resolve("out"), "--kinds", "meteor"),
                Call.of("chaos", study, "--out", temp.resolve("out"), "--mtbf", "soon"),
                Call.of("chaos", study, "--out", temp.resolve("out"), "--local", "0"),
                Call.of("chaos", temp.resolve("none.conf"), "--out", temp.resolve("out")));
        assertThat(calls).allSatisfy(call -> {
            assertThat(call.code()).isEqualTo(2);
            assertThat(call.complaints()).hasSize(1);
        });
        assertThat(calls)
                .extracting(call -> call.complaints().get(0))
                .satisfiesExactly(
                        line -> assertThat(line).contains("taken").contains("--out"),
                        line -> assertThat(line).contains("--kinds").contains("meteor"),
                        line -> assertThat(line).contains("--mtbf").contains("soon"),
                        line -> assertThat(line).contains("--local"),
                        line -> assertThat(line).contains("none.conf"));
    }
}

package org.isofleet.deploy.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.isofleet.deploy.chaos.FaultKind;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChaosCommandTest {
    private static final Path STUDY = Path.of("studies", "chaos-small.conf");
    private static final int FAILURES = 20;

    @TempDir
    Path temp = Path.of("");

    @Test
    @Tag("slow")
    void studyUnderFaultsOfEveryKind_endsWithTheBitsOfTheQuietOne() throws Exception {
        Call call = Call.of(
                "chaos",
                STUDY,
                "--json",
                "--out",
                temp.resolve("out"),
                "--failures",
                FAILURES,
                "--mtbf",
                "3s",
                "--seed",
                2);
        assertThat(call.code()).as(call.err()).isZero();
        JsonNode answer = new ObjectMapper().readTree(call.out());
        Set<String> kinds = new TreeSet<>();
        Arrays.stream(FaultKind.values()).forEach(kind -> kinds.add(kind.toString()));
        answer.path("left_out").forEach(row -> kinds.remove(row.path("kind").asText()));
        Map<String, Integer> befell = new TreeMap<>();
        answer.path("faults")
                .forEach(row ->
                        befell.put(row.path("kind").asText(), row.path("count").asInt()));
        assertThat(befell).containsOnlyKeys(kinds);
        assertThat(befell.values().stream().mapToInt(Integer::intValue).sum()).isEqualTo(FAILURES);
        assertThat(answer.path("digests_equal").asBoolean()).isTrue();
        assertThat(answer.path("ledger_exact").asBoolean()).isTrue();
        assertThat(answer.path("runs_done").asBoolean()).isTrue();
        assertThat(answer.path("goodput").asDouble()).isBetween(0.05, 1.0);
        assertThat(answer.path("work_ratio").asDouble()).isBetween(0.2, 1.0);
        assertThat(answer.path("lost_steps").asLong()).isPositive(); // since the flipped bits
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
        Files.createFile(Files.createDirectory(temp.resolve("taken")).resolve("file"));
        List<Call> calls = List.of(
                Call.of("chaos", STUDY, "--out", temp.resolve("taken")),
                Call.of("chaos", STUDY, "--out", temp.resolve("out"), "--kinds", "meteor"),
                Call.of("chaos", STUDY, "--out", temp.resolve("out"), "--mtbf", "soon"),
                Call.of("chaos", STUDY, "--out", temp.resolve("out"), "--local", "0"),
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

package org.isofleet.deploy.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class PlanCommandTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @TempDir
    Path folder;

    @Test
    void json_hasTheFieldsThatOthersRelyOn() throws Exception {
        assertThat(plan("demo", "--json", "--images", "3000")).isZero();
        JsonNode plan = new ObjectMapper().readTree(out.toString());
        assertThat(plan.get("schema").asText()).isEqualTo("plan/1");
        assertThat(plan.get("budgets")).hasSizeGreaterThanOrEqualTo(4);
        JsonNode run = plan.get("runs").get(0);
        for (String field : new String[] {
            "id",
            "resolution",
            "budget_flops",
            "params",
            "tokens",
            "images",
            "steps",
            "batch",
            "virtual_shards",
            "layers",
            "width",
            "heads",
            "flops_6nd",
            "flops_exact",
            "learning_rate",
            "peak_memory_bytes"
        }) {
            assertThat(run.hasNonNull(field)).as(field).isTrue();
        }
        assertThat(run.get("id").asText()).matches("[0-9a-f]{16}");
        assertThat(run.get("tokens").asLong()).isEqualTo(run.get("images").asLong() * 256);
        for (String field : new String[] {"runs", "flops", "hours", "cost"}) {
            assertThat(plan.get("totals").get(field).isNumber()).as(field).isTrue();
        }
        assertThat(plan.get("totals").get("runs").asInt())
                .isEqualTo(plan.get("runs").size());
        assertThat(plan.get("left_out").isArray()).isTrue();
    }

    @Test
    void table_showsRunsAndWhatIsLeftOut() throws Exception {
        Path study = folder.resolve("s.conf");
        Files.writeString(study, """
                name = s
                budgets = [2e10]
                models = [2x8, 2x12, 2x16]
                batch = 2
                limits.max-epochs = 5
                images.levels = 32
                optimizer.learning-rate = 1e-2
                workers.cost-per-hour = 3
                """);
        assertThat(plan(study.toString(), "--images", "2000")).isZero();
        assertThat(out.toString())
                .contains("study s (")
                .containsPattern("2\\.00e\\+10 +16 +2048 +2x8 +1\\.6M +6358 +3179 +3\\.2 +2 +2 1\\.00e-02")
                .contains("2x16 (N 6656): 978 steps, below fit-min-steps 1000")
                .contains("2 runs, 4.00e+10 FLOPs as 6ND");
    }

    /** arXiv 2511.08704: 105 runs, 10M to 449M parameters, budgets to 2.8e20 FLOPs. */
    @Test
    void paperStudies_planWithoutItsImages_withHoursAndCostOnGpus() throws Exception {
        int runs = 0;
        double largest = 0;
        for (int resolution : new int[] {16, 32, 64}) {
            String study = "studies/paper-%d.conf".formatted(resolution);
            JsonNode plan = json(study, "--images", "300000000", "--gpus", "--price", "H100=2", "--utilisation", "0.5");
            assertThat(plan.get("left_out")).isEmpty();
            runs += plan.get("runs").size();
            for (JsonNode run : plan.get("runs")) {
                assertThat(run.get("params").asLong()).isBetween(9_000_000L, 450_000_000L);
                largest = Math.max(largest, run.get("budget_flops").asDouble());
            }
            double exact = plan.get("totals").get("flops_exact").asDouble();
            JsonNode h100 = named(plan.get("gpus"), "H100");
            assertThat(h100.get("hours").asDouble()).isEqualTo(exact / (0.5 * 989.4e12) / 3600, within(1e-6));
            assertThat(h100.get("cost").asDouble())
                    .isEqualTo(2 * h100.get("hours").asDouble(), within(1e-6));
            assertThat(h100.get("runs_too_large").asInt()).isZero();
            assertThat(named(plan.get("gpus"), "RTX4090").get("runs_too_large").asInt())
                    .isPositive();
        }
        assertThat(runs).isEqualTo(105);
        assertThat(largest).isEqualTo(2.8e20);
    }

    @Test
    void gpusThatNobodyKnows_orSharesAboveOne_areRefused() {
        assertThat(plan("demo", "--gpus", "--price", "H1000=2")).isEqualTo(2);
        assertThat(err.toString()).contains("--price: no GPU 'H1000'; one of RTX4090, L40S");
        assertThat(plan("demo", "--gpus", "--utilisation", "1.5")).isEqualTo(2);
        assertThat(err.toString()).contains("--utilisation must be above 0 and at most 1");
        assertThat(plan("demo", "--gpus", "--price", "H100=-2")).isEqualTo(2);
        assertThat(err.toString()).contains("--price H100: must be 0 or more");
        assertThat(plan("demo", "--price", "H100=2")).isEqualTo(2);
        assertThat(err.toString()).contains("--price and --utilisation say something of --gpus: give that too");
        assertThat(out.toString()).isEmpty();
    }

    @Test
    void badStudy_endsWithTwoAndOneLine() throws Exception {
        Path study = folder.resolve("bad.conf");
        Files.writeString(study, "name = s\nbudgts = [2e10]\n");
        assertThat(plan(study.toString(), "--images", "2000")).isEqualTo(2);
        assertThat(err.toString().strip()).doesNotContain("\n").contains("bad.conf:2: unknown key 'budgts'");
        assertThat(plan(folder.resolve("none.conf").toString())).isEqualTo(2);
        assertThat(plan()).isEqualTo(2);
        assertThat(out.toString()).isEmpty();
    }

    @Test
    void reference_printsEveryKeyWithItsDefault() {
        assertThat(plan("--reference")).isZero();
        assertThat(out.toString()).contains("max-epochs = 4").contains("weight-decay = 0.1");
    }

    private JsonNode json(String... arguments) throws Exception {
        out.getBuffer().setLength(0);
        List<String> all = new ArrayList<>(List.of(arguments));
        all.add("--json");
        assertThat(plan(all.toArray(String[]::new))).as(err.toString()).isZero();
        return new ObjectMapper().readTree(out.toString());
    }

    private static JsonNode named(JsonNode rows, String name) {
        for (JsonNode row : rows) {
            if (row.get("name").asText().equals(name)) {
                return row;
            }
        }
        throw new AssertionError("no row " + name + " in " + rows);
    }

    private int plan(String... arguments) {
        return new CommandLine(new PlanCommand())
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .setExecutionExceptionHandler((e, command, parsed) -> OneLineErrors.failed(e, command, false))
                .execute(arguments);
    }
}

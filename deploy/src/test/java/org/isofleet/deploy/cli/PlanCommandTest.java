package org.isofleet.deploy.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
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

    private int plan(String... arguments) {
        return new CommandLine(new PlanCommand())
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .setExecutionExceptionHandler((e, command, parsed) -> OneLineErrors.failed(e, command, false))
                .execute(arguments);
    }
}

package org.isofleet.deploy.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class FitCommandTest {
    @TempDir
    private Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @Test
    void goodPoints_json_isOneObjectWithSchemaAndFits() throws IOException {
        assertThat(run(points().toString(), "--json", "--group", "set", "--extrapolate", "1e15"))
                .isZero();
        JsonNode answer = new ObjectMapper().readTree(out.toString());
        assertThat(answer.get("schema").asText()).isEqualTo("fit/1");
        assertThat(answer.get("fits")).hasSize(2);
        JsonNode fit = answer.get("fits").get(0);
        assertThat(fit.get("group").get("set").asText()).isEqualTo("a");
        assertThat(fit.get("method").asText()).isEqualTo("vpnls");
        assertThat(fit.get("status").asText()).isEqualTo("ok");
        assertThat(fit.get("n_exponent").get("value").asDouble()).isBetween(0.499, 0.501);
        assertThat(fit.get("extrapolated").get("budget_flops").asDouble()).isEqualTo(1e15);
        JsonNode unknowns = fit.get("parametric").get("intervals");
        assertThat(unknowns.fieldNames()).toIterable().containsExactly("E", "A", "B", "alpha", "beta");
        assertThat(unknowns).allMatch(interval -> interval.get("level").asDouble() == 0.95);
        assertThat(unknowns.get("beta").get("value"))
                .isEqualTo(fit.get("parametric").get("beta"));
    }

    @Test
    void goodPoints_plain_isATextThatNamesTheLaw() throws IOException {
        assertThat(run(points().toString(), "--method", "akima")).isZero();
        assertThat(out.toString())
                .contains("akima  ok")
                .contains("N_opt")
                .contains("line 38: duplicate of 2")
                .doesNotContain("null");
    }

    @Test
    void goodPoints_plain_hasAnIntervalForEveryUnknownOfTheSurface() throws IOException {
        assertThat(run(points().toString(), "--group", "set")).isZero();
        for (String unknown : new String[] {"E", "A", "B", "alpha", "beta"}) {
            assertThat(out.toString()).containsPattern("\\n    " + unknown + " +[0-9.]+ \\[[0-9.]+, [0-9.]+] at 95 %");
        }
    }

    @Test
    void badLine_isOneLineWithTheLineNumberAndExitCodeTwo() throws IOException {
        Path file = points();
        Files.writeString(file, Files.readString(file) + "a,1e12,none,1,2\n");
        assertThat(run(file.toString())).isEqualTo(2);
        assertThat(err.toString().lines())
                .singleElement()
                .asString()
                .contains("points.csv:74")
                .contains("'none'");
        assertThat(out.toString()).isEmpty();
    }

    @Test
    void badArguments_areOneLineAndExitCodeTwo() throws IOException {
        assertThat(run(points().toString(), "--method", "spline")).isEqualTo(2);
        assertThat(run(folder.resolve("none.csv").toString())).isEqualTo(2);
        assertThat(run(points().toString(), "--bootstrap", "-1")).isEqualTo(2);
        assertThat(run()).isEqualTo(2);
        assertThat(err.toString().lines()).hasSize(4).first().asString().contains("local-parabola");
    }

    /** L = 1 + 50 N^-0.4 + 800 D^-0.4 at four budgets and nine sizes, twice, the first line once more. */
    private Path points() throws IOException {
        StringBuilder text = new StringBuilder("set,budget_flops,params,tokens,loss\n");
        for (String set : new String[] {"a", "b"}) {
            for (double c = 1e12; c < 1e13; c *= 2) {
                for (int i = -4; i <= 4; i++) {
                    double n = Math.sqrt(c / 6) / 32 * Math.pow(1.6, i);
                    double d = c / (6 * n);
                    double loss = 1 + 50 * Math.pow(n, -0.4) + 800 * Math.pow(d, -0.4);
                    text.append(String.format(Locale.ROOT, "%s,%e,%.12e,%.12e,%.12f%n", set, c, n, d, loss));
                }
            }
        }
        return Files.writeString(folder.resolve("points.csv"), text);
    }

    private int run(String... arguments) {
        return new CommandLine(new FitCommand())
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .setParameterExceptionHandler(OneLineErrors::badArguments)
                .setExecutionExceptionHandler((e, command, parsed) -> OneLineErrors.failed(e, command, false))
                .execute(arguments);
    }
}

package org.isofleet.deploy.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import javax.imageio.ImageIO;
import javax.xml.parsers.DocumentBuilderFactory;
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

    @Test
    void plot_svgAndPng_showEveryBudgetAndTheLaw() throws Exception {
        for (String method : new String[] {"vpnls", "akima"}) {
            Path svg = folder.resolve(method + ".svg");
            assertThat(run(
                            points().toString(),
                            "--group",
                            "set",
                            "--method",
                            method,
                            "--plot",
                            svg.toString(),
                            "--extrapolate",
                            "1e14"))
                    .isZero();
            var document =
                    DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(svg.toFile());
            // Two groups of 36 points, four optima in both pictures, and the place extrapolated to.
            assertThat(document.getElementsByTagName("circle").getLength()).isEqualTo(2 * (36 + 4 + 4 + 1));
            assertThat(Files.readString(svg)).contains("N ∝ C^0.500").contains("set=b");
        }
        Path png = folder.resolve("fit.PNG");
        assertThat(run(points().toString(), "--plot", png.toString())).isZero();
        var image = ImageIO.read(png.toFile());
        assertThat(image.getWidth()).isEqualTo(2 * 960);
        Set<Integer> colors = new HashSet<>();
        for (int x = 0; x < image.getWidth(); x += 2) {
            for (int y = 0; y < image.getHeight(); y += 2) {
                colors.add(image.getRGB(x, y));
            }
        }
        assertThat(colors).hasSizeGreaterThan(50);
        assertThat(run(points().toString(), "--plot", "fit.jpeg")).isEqualTo(2);
        assertThat(err.toString()).contains(".svg or a .png");
    }

    @Test
    void against_secondMetric_tellsTheRatioOfOptimaWithIntervals() throws IOException {
        StringBuilder text = new StringBuilder("budget_flops,params,tokens,loss,fd\n");
        for (double c = 1e12; c < 1e13; c *= 2) {
            for (int i = -4; i <= 4; i++) {
                double n = Math.sqrt(c / 6) / 32 * Math.pow(1.6, i);
                double d = c / (6 * n);
                double loss = 1 + 50 * Math.pow(n, -0.4) + 800 * Math.pow(d, -0.4);
                // Half the weight of N: its optimum has 2^(1 / 0.8) times fewer parameters.
                double fd = 1 + 25 * Math.pow(n, -0.4) + 800 * Math.pow(d, -0.4);
                text.append(String.format(Locale.ROOT, "%e,%.12e,%.12e,%.12f,%.12f%n", c, n, d, loss, fd));
            }
        }
        Path file = Files.writeString(folder.resolve("two.csv"), text);
        assertThat(run(file.toString(), "--metric", "fd", "--against", "loss", "--noise", "0.001", "--json"))
                .isZero();
        JsonNode ratio =
                new ObjectMapper().readTree(out.toString()).get("ratios").get(0);
        assertThat(ratio.get("params").get("value").asDouble()).isCloseTo(Math.pow(0.5, 1 / 0.8), within(1e-3));
        assertThat(ratio.get("tokens").get("value").asDouble()).isCloseTo(Math.pow(2, 1 / 0.8), within(3e-3));
        assertThat(ratio.get("tokens").get("low").asDouble())
                .isLessThan(ratio.get("tokens").get("high").asDouble());
        assertThat(run(file.toString(), "--metric", "fd", "--against", "loss")).isZero();
        assertThat(out.toString()).contains("fd over loss at 1.000e+12 FLOPs: N 0.4");
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

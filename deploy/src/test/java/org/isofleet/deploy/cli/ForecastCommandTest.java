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
import java.util.Locale;
import java.util.Random;
import org.isofleet.coordinator.plan.StudyFile;
import org.isofleet.protocol.study.ModelChoice;
import org.isofleet.protocol.study.StudySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class ForecastCommandTest {
    @TempDir
    private Path folder;

    private StringWriter out = new StringWriter();
    private StringWriter err = new StringWriter();

    @Test
    void budget_json_sealsPredictionIntervalHashAndDate() throws IOException {
        JsonNode answer = json(points().toString(), "--budget", "8e13", "--bootstrap", "100");
        assertThat(answer.get("schema").asText()).isEqualTo("forecast/1");
        JsonNode forecast = answer.get("forecasts").get(0).get("forecast");
        assertThat(forecast.get("value").get("value").asDouble()).isCloseTo(best(8e13), within(0.02));
        assertThat(forecast.get("value").get("level").asDouble()).isEqualTo(0.95);
        assertThat(forecast.get("params").get("low").asDouble())
                .isLessThan(forecast.get("params").get("high").asDouble());
        assertThat(forecast.get("data_sha256").asText()).matches("[0-9a-f]{64}");
        assertThat(forecast.get("sealed_at").asText()).matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ");
        assertThat(answer.get("log").asText()).endsWith("points.csv.forecasts.jsonl");
    }

    @Test
    void secondForecast_ofOtherDataOrMethod_leavesTheFirst() throws IOException {
        String points = points().toString();
        JsonNode first = json(points, "--budget", "8e13", "--bootstrap", "50")
                .get("forecasts")
                .get(0);
        JsonNode again = json(points, "--budget", "8e13", "--bootstrap", "50", "--method", "local-parabola");
        assertThat(again.get("forecasts").get(0).get("forecast")).isEqualTo(first.get("forecast"));
        assertThat(again.get("forecasts").get(0).get("attempts")).hasSize(1);
        assertThat(again.get("notes").get(0).asText()).contains("it stands");
    }

    @Test
    void check_scoresOnceAndIsShownEverAfter() throws IOException {
        String points = points().toString();
        double n = json(points, "--budget", "8e13", "--bootstrap", "100")
                .get("forecasts")
                .get(0)
                .get("forecast")
                .get("params")
                .get("value")
                .asDouble();
        StringBuilder text = new StringBuilder("budget_flops,params,tokens,loss\n");
        for (double share : new double[] {0.5, 1, 2}) {
            text.append(line(8e13, share * n, 0));
        }
        Path check = Files.writeString(folder.resolve("check.csv"), text);
        assertThat(run(points, "--check", check.toString())).isZero();
        assertThat(run(points, "--check", check.toString())).isZero();
        JsonNode shown = json(points).get("forecasts").get(0);
        assertThat(shown.get("scores")).hasSize(1);
        JsonNode score = shown.get("scores").get(0).get("score");
        assertThat(Math.abs(score.get("relative_error").asDouble())).isLessThan(0.01);
        assertThat(score.get("vertex_inside").asBoolean()).isTrue();
        assertThat(run(points)).isZero();
        assertThat(out.toString())
                .contains("prediction off by")
                .contains("of the gain")
                .contains("best size");
    }

    @Test
    void study_writesFilesOfTheCheckRuns() throws IOException {
        Path study = Files.writeString(folder.resolve("mine.conf"), """
                name = mine
                images { location = "embedded:noto", resolutions = [16, 32] }
                budgets { from = 1e12, to = 8e12, count = 4 }
                models { from = 1e4, to = 1e6, count = 6 }
                """);
        JsonNode answer =
                json(points().toString(), "--budget", "8e13", "--bootstrap", "50", "--study", study.toString());
        assertThat(answer.get("check_studies")).hasSize(2);
        StudySpec three =
                StudyFile.read(Path.of(answer.get("check_studies").get(0).asText()));
        StudySpec seeds =
                StudyFile.read(Path.of(answer.get("check_studies").get(1).asText()));
        assertThat(three.budgets())
                .singleElement()
                .satisfies(b -> assertThat(b.flops()).isEqualTo(8e13));
        assertThat(((ModelChoice.Sizes) three.models()).sizes()).hasSize(3);
        assertThat(three.images().resolutions()).containsExactly(16);
        assertThat(three.seeds()).hasSize(1);
        assertThat(((ModelChoice.Sizes) seeds.models()).sizes())
                .singleElement()
                .isEqualTo(((ModelChoice.Sizes) three.models()).sizes().get(1));
        assertThat(seeds.seeds()).hasSize(2).doesNotContainAnyElementsOf(three.seeds());
    }

    @Test
    void paper_projectsItsOwnCells_withTheYears() throws IOException {
        JsonNode answer = json("paper", "--growth", "5,4");
        assertThat(answer.get("projections")).hasSize(6 * 4);
        assertThat(answer.get("growth")).anySatisfy(growth -> {
            assertThat(growth.get("to").asDouble()).isEqualTo(1e24);
            assertThat(growth.get("years").asDouble()).isCloseTo(4.94, within(0.005));
        });
        assertThat(run("paper")).isZero();
        assertThat(out.toString())
                .contains("top1 resolution=32 at 3.500e+20: 46.36")
                .contains("years");
    }

    @Test
    void project_ofPoints_isATableThatSealsNothing() throws IOException {
        JsonNode answer = json(points().toString(), "--project", "1e14,1e15", "--bootstrap", "50");
        assertThat(answer.get("projections")).hasSize(2);
        assertThat(answer.get("projections").get(1).get("value").get("value").asDouble())
                .isCloseTo(best(1e15), within(0.05));
        assertThat(answer.get("forecasts")).isEmpty();
        assertThat(answer.get("growth")).hasSize(4);
    }

    @Test
    void badInput_isOneLineAndExitCodeTwo() throws IOException {
        String points = points().toString();
        assertThat(run(points, "--budget", "8e12")).isEqualTo(2);
        assertThat(run(points, "--check", points)).isEqualTo(2);
        assertThat(run(points, "--budget", "-1")).isEqualTo(2);
        assertThat(run(points, "--growth", "1")).isEqualTo(2);
        assertThat(run("paper", "--budget", "1e25")).isEqualTo(2);
        assertThat(run(folder.resolve("none.csv").toString(), "--budget", "1e14"))
                .isEqualTo(2);
        assertThat(run(folder.toString(), "--budget", "1e14")).isEqualTo(2);
        assertThat(err.toString().lines()).hasSize(7).noneMatch(line -> line.contains("Exception"));
        assertThat(out.toString()).isEmpty();
    }

    /** L = 1 + 50 N^-0.4 + 800 D^-0.4 at four budgets and nine sizes, with noise of two in a thousand. */
    private Path points() throws IOException {
        StringBuilder text = new StringBuilder("budget_flops,params,tokens,loss\n");
        Random random = new Random(4);
        for (double c = 1e12; c < 1e13; c *= 2) {
            for (int i = -4; i <= 4; i++) {
                text.append(line(c, Math.sqrt(c / 6) / 32 * Math.pow(1.6, i), 0.002 * random.nextGaussian()));
            }
        }
        return Files.writeString(folder.resolve("points.csv"), text);
    }

    private static String line(double c, double n, double error) {
        return String.format(Locale.ROOT, "%e,%.12e,%.12e,%.12f%n", c, n, c / (6 * n), loss(c, n) + error);
    }

    private static double loss(double c, double n) {
        return 1 + 50 * Math.pow(n, -0.4) + 800 * Math.pow(c / (6 * n), -0.4);
    }

    /** With equal exponents N_opt is sqrt(C / 6) (50 / 800)^(1 / 0.8), equation 4 of Hoffmann et al. 2022. */
    private static double best(double c) {
        return loss(c, Math.sqrt(c / 6) * Math.pow(50.0 / 800, 1 / 0.8));
    }

    private JsonNode json(String... arguments) throws IOException {
        String[] all = java.util.Arrays.copyOf(arguments, arguments.length + 1);
        all[arguments.length] = "--json";
        out = new StringWriter();
        assertThat(run(all)).as("%s", err).isZero();
        return new ObjectMapper().readTree(out.toString());
    }

    private int run(String... arguments) {
        return new CommandLine(new ForecastCommand())
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .setParameterExceptionHandler(OneLineErrors::badArguments)
                .setExecutionExceptionHandler((e, command, parsed) -> OneLineErrors.failed(e, command, false))
                .execute(arguments);
    }
}

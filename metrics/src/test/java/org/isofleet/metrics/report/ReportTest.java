package org.isofleet.metrics.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import javax.imageio.ImageIO;
import org.isofleet.metrics.forecast.Forecast;
import org.isofleet.metrics.forecast.ForecastLog;
import org.isofleet.metrics.forecast.Ledger;
import org.isofleet.metrics.live.LiveEvent;
import org.isofleet.metrics.live.SimulatedStudy;
import org.isofleet.metrics.live.StudyFolder;
import org.isofleet.metrics.live.StudyView;
import org.isofleet.metrics.scaling.Interval;
import org.isofleet.metrics.scaling.Observation;
import org.isofleet.protocol.study.InvalidSpecException;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReportTest {
    private static final StudyView FINISHED = SimulatedStudy.finished();
    private static final Document PAGE = Jsoup.parse(Report.render(FINISHED));

    @TempDir
    private Path folder;

    @Test
    void forecast_standsInTheReportWithItsScore() throws IOException {
        ForecastLog log = new ForecastLog(folder.resolve(ForecastLog.FILE));
        Interval n = new Interval(2e5, 1.5e5, 2.5e5, 0.95);
        Forecast forecast = new Forecast(
                Instant.parse("2026-03-01T12:00:00Z"),
                "loss",
                false,
                Map.of("resolution", "16"),
                5e13,
                "vpnls",
                "ok",
                null,
                n,
                new Interval(4e7, 3e7, 5e7, 0.95),
                new Interval(3.5, 3.4, 3.6, 0.95),
                "bounded by <E>",
                null,
                null,
                new Interval(0.5, 0.4, 0.6, 0.95),
                1e13,
                3.8,
                30,
                "ab".repeat(32),
                null);
        Ledger.seal(log, forecast);
        assertThat(Jsoup.parse(Report.render(FINISHED, Ledger.of(log)))
                        .expectFirst("#forecasts ~ .scroll")
                        .text())
                .contains("loss, resolution 16 at 5e13", "2026-03-01", "3.500 [3.400, 3.600]", "bounded by <E>")
                .contains("not scored yet");
        Observation check = new Observation("check", 5e13, 2.1e5, 4e7, 3.51);
        Ledger.score(log, Ledger.of(log).forecasts().get(0), Instant.EPOCH, List.of(check));
        assertThat(Jsoup.parse(Report.render(FINISHED, Ledger.of(log)))
                        .expectFirst("#forecasts ~ .scroll")
                        .text())
                .contains("measured 3.510", "off by -0.28 % and 3 % of the gain, inside its interval");
        assertThat(PAGE.select("#forecasts")).isEmpty();
    }

    @Test
    void render_makesNoRequests() {
        for (Element element : PAGE.select("[src], [href]")) {
            assertThat(element.attr("src") + element.attr("href")).startsWith("data:");
        }
        assertThat(PAGE.select("style").html()).doesNotContain("url(", "@import");
        assertThat(PAGE.select("script[src], link[rel=stylesheet], iframe, object"))
                .isEmpty();
    }

    @Test
    void references_areLinesThatTheAxisShowsOrNames() {
        assertThat(PAGE.select("#top1-16 + figure svg.wide text.label").eachText())
                .contains("raw pixels, 20.0 %", "majority, 11.1 %, below ↓", "untrained");
        assertThat(PAGE.select("#fd-16 + figure svg.wide text.label").eachText())
                .contains("real against real, same counts, 4.10");
        assertThat(PAGE.text()).doesNotContainIgnoringCase("floor");
    }

    @Test
    void runsTable_hasEveryRunWithKeysToSortBy() {
        assertThat(PAGE.select("#runs tbody tr")).hasSize(FINISHED.runs().size());
        assertThat(PAGE.select("#runs tbody td.parked").parents().select("tr").text())
                .contains("failed 3 times: a worker has too little memory");
        assertThat(PAGE.select("#runs tr.unfitted").eachText()).allMatch(row -> row.contains("under 1000 steps"));
        assertThat(PAGE.select("#runs th").eachText()).contains("batch", "V");
        assertThat(PAGE.select("#left-out tbody tr")).hasSize(1);
        assertThat(PAGE.select("#left-out").text()).contains("only 172 steps");
        assertThat(PAGE.select("#runs tbody tr td:nth-child(4)").eachAttr("data-key"))
                .allSatisfy(key -> assertThat(Double.parseDouble(key)).isPositive());
    }

    @Test
    void samples_areRealPicturesScaledUp() throws IOException {
        assertThat(PAGE.select("img.pixels")).hasSize(26);
        String source = PAGE.expectFirst("img.pixels").attr("src");
        byte[] png = Base64.getDecoder().decode(source.substring("data:image/png;base64,".length()));
        var image = ImageIO.read(new ByteArrayInputStream(png));
        assertThat(PAGE.expectFirst("img.pixels").attr("width")).isEqualTo(Integer.toString(3 * image.getWidth()));
        assertThat(PAGE.select("style").html()).contains("image-rendering: pixelated");
    }

    @Test
    void choices_areAllStated() {
        String choices = PAGE.select("dl").text();
        FINISHED.plan()
                .orElseThrow()
                .choices()
                .forEach(choice -> assertThat(choices).contains(choice.split(": ", 2)[1]));
        assertThat(choices)
                .contains("held out loss, linear probe, completions: all test images for the loss")
                .contains(
                        "2 workers a run before another is started and more while nobody else needs them, parked after 5 failures, waits from 1s to 2:00;")
                .contains("20s to report and 4:00:00 for a metric; parked after 24:00:00 without a worker");
        assertThat(PAGE.select("dt:contains(audit) + dd").text()).startsWith("none: differing parameters");
        assertThat(PAGE.select("dt:contains(protocol) + dd").eachText())
                .containsExactlyInAnyOrder(
                        "test, 380 images", "mean-pooled, L-BFGS", "top half, temperature 1, 512 against 380");
    }

    @Test
    void render_ofTextThatLooksLikeMarkup_escapesIt() {
        StudyView view = FINISHED.with(
                new LiveEvent.Warning(FINISHED.lastEventAt(), null, "</li><script>alert(\"x\")</script>"));

        Document page = Jsoup.parse(Report.render(view));

        assertThat(page.select("script")).hasSize(1);
        assertThat(page.select("li.warning").text()).contains("<script>alert(\"x\")</script>");
    }

    @ParameterizedTest
    @ValueSource(doubles = {0.01, 0.05, 0.1, 0.3, 0.6, 0.9})
    void render_ofAnUnfinishedStudy_showsWhatThereIs(double share) {
        Document page = Jsoup.parse(Report.render(SimulatedStudy.partial(share)));

        assertThat(page.select("header").text()).contains("Unfinished");
        assertThat(page.select("svg").outerHtml() + page.select("main").text()).doesNotContain("NaN", "Infinity");
        assertThat(page.select("#runs tbody tr")).hasSize(27);
    }

    @Test
    void render_ofTwoResolutions_hasCardsAndRealAgainstRealForEach() {
        Document page = Jsoup.parse(Report.render(TwoResolutions.view()));

        assertThat(page.select(".card .name").eachText())
                .contains(
                        "best held-out loss at 16×16, nats a pixel",
                        "best held-out loss at 32×32, nats a pixel",
                        "lowest Fréchet distance of completions at 16×16, not FID",
                        "lowest Fréchet distance of completions at 32×32, not FID");
        assertThat(page.select(".card .value").eachText())
                .anyMatch(value -> value.startsWith("4.100"))
                .anyMatch(value -> value.startsWith("3.700"));
        assertThat(page.select("#completions ~ p").eachText())
                .anyMatch(text -> text.startsWith("At 16×16") && text.contains("same counts, is 4.00"))
                .anyMatch(text -> text.startsWith("At 32×32") && text.contains("same counts, is 9.00"));
    }

    @Test
    void write_fromAFolder_isTheSameAsFromTheView() throws IOException {
        try (StudyFolder open = StudyFolder.open(folder)) {
            SimulatedStudy.events().forEach(open);
        }

        Path file = Report.write(folder);

        assertThat(Files.readString(file)).isEqualTo(Report.render(FINISHED));
        try (var files = Files.list(folder)) {
            assertThat(files.filter(f -> f.toString().endsWith(".tmp"))).isEmpty();
        }
    }

    @Test
    void write_withoutAStudy_leavesNothingBehind() throws IOException {
        assertThatThrownBy(() -> Report.write(folder)).isInstanceOf(InvalidSpecException.class);
        try (var files = Files.list(folder)) {
            assertThat(files).isEmpty();
        }
    }
}

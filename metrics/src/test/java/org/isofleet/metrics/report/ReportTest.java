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
import org.isofleet.metrics.scaling.ScalingFit;
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
    void summary_tellsTheLawsWithTheirIntervals() {
        String header = PAGE.select("header").text();

        assertThat(header).contains("26 of 27 runs done, 1 parked, 1 cell left out");
        assertThat(header)
                .containsPattern("Held-out loss at 16×16: N_opt ∝ C0\\.\\d\\d \\[0\\.\\d\\d, 0\\.\\d\\d], D_opt");
        assertThat(header)
                .contains("intervals at 95 %", "isofleet-emoji64", "not FID", "Entropy of joint colours: 5.10");
        assertThat(header).contains("Majority 11.1 %", "untrained network 18.0 %", "raw pixels 20.0 %");
    }

    @ParameterizedTest
    @ValueSource(strings = {"loss", "top1", "fd"})
    void metric_hasItsProfilesLinesAndMethods(String metric) {
        Element profiles = PAGE.expectFirst("#" + metric + "-16 + figure");
        for (Element chart : profiles.select("> svg")) {
            assertThat(chart.select("path.curve")).hasSize(4);
            assertThat(chart.select("circle")).hasSize(26);
            assertThat(chart.select("circle.hollow")).isNotEmpty();
            assertThat(chart.select("path.minimum")).hasSizeGreaterThanOrEqualTo(3);
            assertThat(chart.select("path.interval")).isNotEmpty();
        }
        assertThat(profiles.select("> svg").eachAttr("class")).containsExactly("wide", "narrow");
        assertThat(profiles.select("figcaption").text()).contains("Curves are the fit by vpnls");
        Element lines = PAGE.expectFirst("#" + metric + "-16 ~ div.pair");
        assertThat(lines.select("figure")).hasSize(2).allSatisfy(figure -> {
            assertThat(figure.select("polygon.band")).hasSameSizeAs(figure.select("path.law-line"));
            assertThat(figure.select("path.law-line").eachAttr("stroke"))
                    .doesNotHaveDuplicates()
                    .contains(color(figure.expectFirst(".legend b")));
            assertThat(figure.select(".legend span").eachText()).anyMatch(text -> text.startsWith("◆ vpnls, "));
        });
        Element methods = PAGE.expectFirst("#" + metric + "-16 ~ div.scroll");
        assertThat(methods.text()).contains("vpnls", "local-parabola", "akima", "bootstrap");
    }

    @Test
    void surface_hasAnIntervalForEveryUnknown() {
        assertThat(PAGE.select("p.surface").eachText())
                .hasSize(3)
                .allMatch(text -> text.matches(
                        "By vpnls, .* with E _, A _, B _, α _, β _\\.".replace("_", "\\S+ \\[\\S+, \\S+]")));
    }

    @Test
    void loss_hasItsLawsUnderOtherCounts() {
        Element counts = PAGE.expectFirst("#loss-16 ~ div.scroll > table.accounting");
        assertThat(counts.select("thead").text()).contains("matrix weights all parameters body only");
        assertThat(counts.select("tbody tr").eachText())
                .hasSize(3)
                .allMatch(row -> row.matches("\\S+( 0\\.\\d\\d \\[0\\.\\d\\d, 0\\.\\d\\d]){3}"));
        Element exact = PAGE.expectFirst("#loss-16 ~ div.scroll > table.exact-flops");
        assertThat(exact.select("tbody tr")).hasSizeBetween(3, 4);
        assertThat(exact.parents().select("p").text()).contains("With the causal half", "34.5 N0.78", "at most 6.6 %");
        assertThat(exact.select("th").eachText())
                .endsWith("predicted loss, 6ND optimum", "predicted loss, exact optimum");
        assertThat(exact.select("tbody tr"))
                .allSatisfy(row -> assertThat(number(row, 7))
                        .as("attention is paid for in tokens")
                        .isGreaterThan(number(row, 6)));
    }

    private static double number(Element row, int column) {
        return Double.parseDouble(row.child(column - 1).text());
    }

    private static String color(Element named) {
        return named.attr("style").replace("color:", "");
    }

    @Test
    void headline_tellsTheLawUnderExactFlopsAndWhyItsExponentsExceedOne() {
        assertThat(PAGE.expectFirst("p.law + p.exact").text())
                .matches(
                        "With attention counted \\(exact FLOPs\\): N_opt ∝ C0\\.\\d\\d \\[.*], D_opt ∝ C0\\.\\d\\d \\[.*]\\."
                                + " Their sum is 1\\.\\d\\d and not 1, because FLOPs a token grow slower than N at these sizes:"
                                + " attention is \\d+ to \\d+ % of them and grows as N0\\.78\\.");
    }

    @Test
    void metric_withoutALaw_saysSoAndDrawsNoLoneOptimum() {
        double budget = FINISHED.runs().get(0).budgetFlops();
        StudyView refused = with(optimum(budget, true), optimum(2 * budget, false), optimum(4 * budget, false));

        Document page = Jsoup.parse(Report.render(refused));

        assertThat(page.select("#fd-16 + figure figcaption").text())
                .contains("No fit by akima, see below; ◆ is the optimum that it found at a budget all the same.")
                .doesNotContain("Curves");
        assertThat(page.select("#fd-16 + figure path.curve")).isEmpty();
        assertThat(page.select("div.pair")).hasSize(2);
    }

    @Test
    void bands_thatLeaveTheAxes_areCut() {
        for (Element svg : PAGE.select("svg.law")) {
            Element plot = svg.expectFirst("> svg");
            assertThat(plot.select("polygon.band, path.law-line")).isNotEmpty();
            assertThat(svg.select("> polygon")).isEmpty();
            assertThat(plot.attr("viewBox"))
                    .isEqualTo(
                            String.join(" ", plot.attr("x"), plot.attr("y"), plot.attr("width"), plot.attr("height")));
        }
    }

    private static ScalingFit.Optimum optimum(double budget, boolean used) {
        return new ScalingFit.Optimum(budget, 5000, 6e5, 30, used, used ? null : "its minimum lies on an edge");
    }

    /** The finished study, its completions fitted by a method that is refused. */
    private static StudyView with(ScalingFit.Optimum... optima) {
        ScalingFit fit = new ScalingFit(
                Map.of(),
                "akima",
                "refused",
                "too few",
                null,
                null,
                null,
                null,
                null,
                List.of(optima),
                null,
                null,
                null,
                List.of(),
                10,
                null,
                null);
        return FINISHED.with(new LiveEvent.FitsUpdated(FINISHED.lastEventAt(), "fd", List.of(fit), 26, 27));
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

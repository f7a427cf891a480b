package org.isofleet.metrics.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.isofleet.metrics.live.LiveEvent;
import org.isofleet.metrics.live.SimulatedStudy;
import org.isofleet.metrics.live.StudyView;
import org.isofleet.metrics.scaling.ScalingFit;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the page says of the laws: headline, profiles, methods and where there is none. */
class LawsOfTheReportTest {
    private static final StudyView FINISHED = SimulatedStudy.finished();
    private static final Document PAGE = Jsoup.parse(Report.render(FINISHED));

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
}

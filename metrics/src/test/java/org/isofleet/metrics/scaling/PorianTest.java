package org.isofleet.metrics.scaling;

import static org.assertj.core.api.Assertions.assertThat;

import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.NamedCsvRecord;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.assertj.core.api.SoftAssertions;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;

/** The fifteen studies of Porian et al. 2024 (arXiv 2406.19146) from their published points. */
@NullUnmarked // a missing field fails the assertion that reads it
class PorianTest {
    private static final List<String> GROUP =
            List.of("file", "dataset", "hparams", "warmup", "decay", "param_count", "val");

    @Test
    void akima_allFifteenStudies_publishedExponentsWithinAHundredth() throws Exception {
        Map<Map<String, String>, NamedCsvRecord> published = published();
        Map<Map<String, String>, List<Observation>> studies = points();
        assertThat(studies.keySet()).isEqualTo(published.keySet()).hasSize(15);
        SoftAssertions all = new SoftAssertions();
        studies.forEach((group, points) -> {
            ScalingFit fit = Fits.fit(FitRequest.of(points, FitMethod.AKIMA, MetricDirection.MINIMISE)
                    .withBootstrap(0));
            double expected = number(published.get(group), "bs_median_weighted.n_exponent");
            all.assertThat(fit.status()).isEqualTo("ok");
            all.assertThat(fit.nExponent().value())
                    .as("%s", group)
                    .isCloseTo(expected, org.assertj.core.data.Offset.offset(0.01));
            all.assertThat(fit.nExponent().value())
                    .as("published interval of %s", group)
                    .isBetween(
                            number(published.get(group), "bootstrap_weighted.n_exponent.q025"),
                            number(published.get(group), "bootstrap_weighted.n_exponent.q975"));
        });
        all.assertAll();
    }

    @Test
    void plainParabola_sameStudies_isBiasedByMoreThanTheSplineIs() throws Exception {
        Map<Map<String, String>, NamedCsvRecord> published = published();
        double worst = points().entrySet().stream()
                .mapToDouble(study -> {
                    ScalingFit fit =
                            Fits.fit(FitRequest.of(study.getValue(), FitMethod.PARABOLA, MetricDirection.MINIMISE)
                                    .withBootstrap(0));
                    return fit.usable()
                            ? Math.abs(fit.nExponent().value()
                                    - number(published.get(study.getKey()), "bs_median_weighted.n_exponent"))
                            : 0;
                })
                .max()
                .orElseThrow();
        assertThat(worst).isGreaterThan(0.05);
    }

    @Test
    void akimaBootstrap_everyStudy_coversTheEstimateAndIsAboutAsWideAsPublished() throws Exception {
        Map<Map<String, String>, NamedCsvRecord> published = published();
        points().forEach((group, points) -> {
            ScalingFit fit = Fits.fit(FitRequest.of(points, FitMethod.AKIMA, MetricDirection.MINIMISE));
            double theirs = number(published.get(group), "bootstrap_weighted.n_exponent.q975")
                    - number(published.get(group), "bootstrap_weighted.n_exponent.q025");
            assertThat(fit.nExponent().low()).isLessThan(fit.nExponent().value());
            assertThat(fit.nExponent().high()).isGreaterThan(fit.nExponent().value());
            assertThat(fit.nExponent().high() - fit.nExponent().low())
                    .as("%s", group)
                    .isBetween(theirs / 6, theirs * 6);
        });
    }

    @Test
    void localParabola_sameStudies_isWithinThreeHundredths() throws Exception {
        Map<Map<String, String>, NamedCsvRecord> published = published();
        points().forEach((group, points) -> {
            ScalingFit fit = Fits.fit(FitRequest.of(points, FitMethod.LOCAL_PARABOLA, MetricDirection.MINIMISE)
                    .withBootstrap(0));
            assertThat(fit.nExponent().value())
                    .as("%s", group)
                    .isCloseTo(
                            number(published.get(group), "bs_median_weighted.n_exponent"),
                            org.assertj.core.data.Offset.offset(0.031));
        });
    }

    @Test
    void surface_profilesThatItCannotFollow_isLabelledAsMisfit() throws Exception {
        List<Observation> study = points().values().stream().toList().get(4);
        ScalingFit fit = Fits.fit(
                FitRequest.of(study, FitMethod.VPNLS, MetricDirection.MINIMISE).withBootstrap(0));
        assertThat(fit.labels()).anyMatch(label -> label.label().contains("does not follow the points"));
    }

    private static Map<Map<String, String>, List<Observation>> points() throws Exception {
        return new PointsCsv("budget_flops", "params", "tokens", "loss", GROUP)
                .read(resource("porian_isoflop_points.csv"));
    }

    private static Map<Map<String, String>, NamedCsvRecord> published() throws Exception {
        try (CsvReader<NamedCsvRecord> reader =
                CsvReader.builder().ofNamedCsvRecord(resource("porian_published_fits.csv"))) {
            return reader.stream()
                    .collect(Collectors.toMap(
                            row -> {
                                Map<String, String> group = new LinkedHashMap<>();
                                GROUP.forEach(column -> group.put(column, row.getField(column)));
                                return group;
                            },
                            row -> row));
        }
    }

    private static double number(NamedCsvRecord row, String column) {
        return Double.parseDouble(row.getField(column));
    }

    private static Path resource(String name) throws URISyntaxException, IOException {
        return Path.of(PorianTest.class.getResource("/scaling/porian/" + name).toURI());
    }
}

package org.isofleet.metrics.forecast;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.isofleet.metrics.scaling.FitMethod;
import org.isofleet.metrics.scaling.FitRequest;
import org.isofleet.metrics.scaling.Fits;
import org.isofleet.metrics.scaling.MetricDirection;
import org.isofleet.metrics.scaling.Observation;
import org.isofleet.protocol.study.InvalidSpecException;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@NullUnmarked // a missing field fails the assertion that reads it
class LedgerTest {
    private static final Instant DAY = Instant.parse("2026-03-01T12:00:00Z");
    private static final double FAR = 5e13;

    @TempDir
    private Path folder;

    private ForecastLog log;

    @BeforeEach
    void open() {
        log = new ForecastLog(folder.resolve(ForecastLog.FILE));
    }

    @Test
    void sealed_comesBackWithDateDataAndInterval() throws IOException {
        Forecast forecast = forecast(points(0.01), FAR);
        assertThat(Ledger.seal(log, forecast)).isTrue();
        Ledger.Standing standing = only();
        assertThat(standing.forecast()).isEqualTo(forecast);
        assertThat(standing.seal()).matches("[0-9a-f]{64}");
        assertThat(standing.forecast().sealedAt()).isEqualTo(DAY);
        assertThat(standing.forecast().value().level()).isEqualTo(0.95);
        assertThat(standing.forecast().value().low())
                .isLessThan(standing.forecast().value().high());
    }

    @Test
    void dataHash_tellsOtherDataAndNotTheirOrder() {
        List<Observation> points = points(0.01);
        List<Observation> turned = new ArrayList<>(points);
        java.util.Collections.reverse(turned);
        String hash = DataHash.of("loss", Map.of(), points);
        assertThat(DataHash.of("loss", Map.of(), turned)).isEqualTo(hash);
        assertThat(DataHash.of("fd", Map.of(), points)).isNotEqualTo(hash);
        assertThat(DataHash.of("loss", Map.of(), points.subList(1, points.size())))
                .isNotEqualTo(hash);
    }

    @Test
    void secondForecastOfTheSame_isAnAttempt_otherBudgetIsAnother() throws IOException {
        Forecast first = forecast(points(0.01), FAR);
        Ledger.seal(log, first);
        assertThat(Ledger.seal(log, forecast(points(0.02), FAR))).isFalse();
        assertThat(only().forecast()).isEqualTo(first);
        assertThat(only().attempts()).hasSize(1);
        assertThat(Ledger.seal(log, forecast(points(0.01), 2 * FAR))).isTrue();
        assertThat(Ledger.of(log).forecasts()).hasSize(2);
    }

    @Test
    void budgetThatThePointsReach_isRefused() {
        assertThatThrownBy(() -> forecast(points(0.01), 8e12))
                .isInstanceOf(InvalidSpecException.class)
                .hasMessageContaining("sealed before");
    }

    @Test
    void refusedFit_hasNoForecast_andSaysWhy() {
        assertThatThrownBy(() -> forecast(points(0.01).subList(0, 5), FAR))
                .isInstanceOf(InvalidSpecException.class)
                .hasMessageContaining("is refused (a surface needs at least 6 points");
    }

    @Test
    void lineThatIsChangedOrTakenOut_isSeen() throws IOException {
        Ledger.seal(log, forecast(points(0.01), FAR));
        Ledger.seal(log, forecast(points(0.02), FAR));
        String text = Files.readString(log.file());
        Files.writeString(log.file(), text.replaceFirst("2026-03-01", "2026-02-01"));
        assertThatThrownBy(() -> log.read())
                .isInstanceOf(InvalidSpecException.class)
                .hasMessageContaining(":1: this line");
        Files.writeString(log.file(), text.substring(text.indexOf('\n') + 1));
        assertThatThrownBy(() -> log.read()).isInstanceOf(InvalidSpecException.class);
    }

    @Test
    void lineThatAKilledWriterLeft_isCut() throws IOException {
        Ledger.seal(log, forecast(points(0.01), FAR));
        Files.writeString(log.file(), "{\"seal\":\"12", StandardOpenOption.APPEND);
        assertThat(log.read()).hasSize(1);
        Ledger.seal(log, forecast(points(0.02), FAR));
        assertThat(log.read()).hasSize(2);
        assertThat(Files.readString(log.file())).endsWith("}\n").doesNotContain("\"12");
    }

    @Test
    void score_ofThreeSizesAndSeeds_tellsErrorGainAndVertex() throws IOException {
        Ledger.seal(log, forecast(points(0.002), FAR));
        double best = only().forecast().params().value();
        List<Observation> checks = new ArrayList<>();
        for (double share : new double[] {0.5, 1, 2}) {
            checks.add(run(FAR, share * best, 0));
        }
        checks.add(run(FAR, best, 0.01));
        checks.add(run(FAR, best, -0.01));
        Ledger.score(log, only(), DAY.plusSeconds(60), checks);
        Ledger.score(log, only(), DAY.plusSeconds(90), checks);
        assertThat(only().scores()).hasSize(1);
        Score score = only().scores().get(0).score();
        assertThat(score.seeds()).isEqualTo(3);
        assertThat(score.measured()).isCloseTo(loss(FAR, best), within(1e-9));
        assertThat(score.relativeError())
                .isCloseTo(only().forecast().value().value() / loss(FAR, best) - 1, within(1e-12));
        assertThat(Math.abs(score.relativeError())).isLessThan(0.01);
        assertThat(score.insideInterval()).isTrue();
        assertThat(score.shareOfGain()).isBetween(0.0, 0.2);
        assertThat(score.vertexInside()).isTrue();
        assertThat(only().scores().get(0).runs()).hasSize(5);
    }

    @Test
    void score_ofOneSize_leavesTheVertexUnresolved_otherBudgetsDoNotCount() throws IOException {
        Ledger.seal(log, forecast(points(0.002), FAR));
        double best = only().forecast().params().value();
        assertThatThrownBy(() -> Ledger.score(log, only(), DAY, List.of(run(1e13, best, 0))))
                .isInstanceOf(InvalidSpecException.class)
                .hasMessageContaining("no run has the forecast's budget");
        assertThatThrownBy(() -> Ledger.score(log, only(), DAY, List.of(run(FAR, 3 * best, 0))))
                .isInstanceOf(InvalidSpecException.class)
                .hasMessageContaining("no run is near the predicted optimum");
        Ledger.score(log, only(), DAY, List.of(run(FAR, 1.1 * best, 0.5)));
        Score score = only().scores().get(0).score();
        assertThat(score.unresolved()).startsWith("1 sizes");
        assertThat(score.vertexParams()).isNull();
        assertThat(score.insideInterval()).isFalse();
    }

    private Ledger.Standing only() throws IOException {
        List<Ledger.Standing> all = Ledger.of(log).forecasts();
        assertThat(all).hasSize(1);
        return all.get(0);
    }

    private static Forecast forecast(List<Observation> points, double budget) {
        return Forecast.of(
                DAY,
                "loss",
                false,
                Fits.fit(FitRequest.of(points, FitMethod.VPNLS, MetricDirection.MINIMISE)
                        .withExtrapolation(budget)),
                points);
    }

    /** L = 1 + 50 N^-0.4 + 800 D^-0.4 at five budgets to 1e13, with noise that is the same at every call. */
    private static List<Observation> points(double noise) {
        java.util.Random random = new java.util.Random(4);
        List<Observation> points = new ArrayList<>();
        for (int b = 0; b < 5; b++) {
            double budget = 1e13 / Math.pow(2, b);
            for (int i = -3; i <= 3; i++) {
                double n = Math.sqrt(budget / 6) / 32 * Math.pow(1.7, i);
                points.add(run(budget, n, noise * random.nextGaussian()));
            }
        }
        return points;
    }

    private static Observation run(double budget, double n, double error) {
        return new Observation("r" + n + "/" + error, budget, n, budget / (6 * n), loss(budget, n) + error);
    }

    private static double loss(double budget, double n) {
        return 1 + 50 * Math.pow(n, -0.4) + 800 * Math.pow(budget / (6 * n), -0.4);
    }
}

package org.isofleet.coordinator.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.Scale;
import org.isofleet.protocol.study.Budget;
import org.isofleet.protocol.study.ImageSetRef;
import org.isofleet.protocol.study.InvalidSpecException;
import org.isofleet.protocol.study.ModelSize;
import org.isofleet.protocol.study.RateRule;
import org.isofleet.protocol.study.StudySpec;
import org.isofleet.protocol.study.TuningGrid;
import org.junit.jupiter.api.Test;

class TuningTest {
    private static final List<Double> RATES = List.of(1e-3, 2e-3, 4e-3, 8e-3, 16e-3, 32e-3);
    private static final StudySpec STUDY =
            StudyFile.parse("name = t\nbudgets = [4e10]\nmodels = [2x8]\nimages.levels = 32", "t.conf");
    private static final TuningGrid GRID = new TuningGrid(
            new Budget(4e10),
            List.of(new ModelSize(2, 8, 1), new ModelSize(2, 12, 1), new ModelSize(2, 20, 2)),
            RATES,
            List.of(2, 4, 8),
            List.of(0.95, 0.99),
            new ModelSize(2, 16, 1),
            3,
            0);
    private static final TuningCells CELLS =
            new TuningCells(STUDY, GRID, new ImageSetRef("embedded:noto", "a".repeat(64), 3000));

    @Property(tries = 200)
    void vertexOfAParabola_isFoundExactly(
            @ForAll @DoubleRange(min = 1.6e-3, max = 2e-2) @Scale(6) double optimum,
            @ForAll @DoubleRange(min = 0.01, max = 1) double curvature) {
        List<TuningPoint> points = RATES.stream()
                .map(rate -> point(rate, 5 + curvature * Math.pow(Math.log(rate / optimum), 2)))
                .toList();
        TuningOptimum found = LogQuadratic.optimum(points);
        assertThat(found.used()).isTrue();
        assertThat(found.learningRate() / optimum).isCloseTo(1, within(1e-9));
        assertThat(found.loss()).isCloseTo(5, within(1e-9));
    }

    @Test
    void optimumAtTheEdge_isRefused() {
        assertThat(LogQuadratic.optimum(List.of(point(1e-3, 3), point(2e-3, 4), point(4e-3, 5)))
                        .reason())
                .contains("edge");
        assertThat(LogQuadratic.optimum(List.of(point(1e-3, 5), point(2e-3, 4), point(4e-3, 3)))
                        .used())
                .isFalse();
    }

    @Test
    void optimumBesideADivergedRun_isRefused() {
        List<TuningPoint> points = List.of(point(1e-3, 5), point(2e-3, 4), point(4e-3, Double.POSITIVE_INFINITY));
        assertThat(LogQuadratic.optimum(points).reason()).contains("diverged");
    }

    @Test
    void rule_comesBackFromPointsThatFollowIt() {
        TuningFit fit = TuningFit.of(trained(CELLS.grid()), "made");
        assertThat(fit.rule().coefficient()).isCloseTo(0.4, within(1e-4));
        assertThat(fit.rule().paramsExponent()).isCloseTo(-0.6, within(1e-5));
        assertThat(fit.rule().batchExponent()).isCloseTo(0.4, within(1e-5));
        assertThat(fit.rule().beta2()).isEqualTo(0.99);
        assertThat(fit.residual()).isEqualTo(1.0);
        assertThat(fit.optima()).hasSize(18).filteredOn(TuningOptimum::used).hasSize(9);
    }

    @Test
    void rule_isRefusedWhenTheRatesMissTheOptima() {
        List<TuningPoint> points = CELLS.grid().stream()
                .map(cell -> cell.point(cell.spec().optimizer().learningRate(), 1))
                .toList();
        assertThatThrownBy(() -> TuningFit.of(points, "made"))
                .isInstanceOf(InvalidSpecException.class)
                .hasMessageContaining("only 0 optima")
                .hasMessageContaining("widen tune.learning-rates");
    }

    @Test
    void cells_areEveryCombinationAtTheStudysSettings() {
        List<TuningCells.Cell> cells = CELLS.grid();
        assertThat(cells).hasSize(3 * 6 * 3 * 2);
        assertThat(cells.stream().map(cell -> cell.spec().id()).distinct()).hasSize(cells.size());
        assertThat(cells).allMatch(cell -> cell.spec().optimizer().weightDecay() == 0.1);
        assertThat(CELLS.check(new TuningRule(1e-2, 0, 0, 0.99, ""))).hasSize(21);
    }

    @Test
    void tuningFile_comesBackEqual_withItsHash() {
        Tuning tuning = tuning();
        String text = TuningFile.write(tuning);
        Tuning read = TuningFile.read(text, "t.json");
        assertThat(read).isEqualTo(tuning);
        assertThat(text).contains(tuning.sha256());
        assertThat(TuningFile.cited(read, new RateRule.Cited("t.json", tuning.sha256()))
                        .learningRate(6656, 4))
                .isCloseTo(0.4 * Math.pow(6656, -0.6) * Math.pow(4, 0.4), within(2e-5));
        assertThat(read.check().holds()).isTrue();
    }

    @Test
    void tuningFile_thatWasChanged_isRefused() {
        String text = TuningFile.write(tuning());
        assertThatThrownBy(() -> TuningFile.read(text.replaceFirst("\"seconds\" : 1.0", "\"seconds\" : 2.0"), "t.json"))
                .isInstanceOf(InvalidSpecException.class)
                .hasMessageStartingWith("t.json: is damaged");
        assertThatThrownBy(() -> TuningFile.read("{}", "t.json")).hasMessageContaining("isofleet tune");
        assertThatThrownBy(() -> TuningFile.read("[", "t.json"))
                .hasMessageStartingWith("t.json: is no tuning file")
                .message()
                .doesNotContain("\n");
    }

    @Test
    void citation_ofAnotherTuningOrAFailedCheck_isRefused() {
        Tuning tuning = tuning();
        assertThatThrownBy(() -> TuningFile.cited(tuning, new RateRule.Cited("t.json", "b".repeat(64))))
                .hasMessageContaining("t.json: the study cites the tuning bbbb");
        TuningCheck failed =
                new TuningCheck(tuning.check().points(), 1e-3, tuning.check().measured(), 0, 1, false);
        Tuning bad = new Tuning("s", "m", "i", GRID, tuning.points(), tuning.fit(), failed);
        assertThatThrownBy(() -> TuningFile.cited(bad, new RateRule.Cited("t.json", bad.sha256())))
                .hasMessageContaining("failed its check at 2x16x1");
    }

    @Test
    void check_ofARuleThatIsFarOff_doesNotHold() {
        TuningRule off = new TuningRule(1e-3, 0, 0, 0.99, "");
        assertThat(CELLS.judge(off, trained(CELLS.check(off))).holds()).isFalse();
    }

    @Test
    void check_judgesByTheMeanOfItsSeeds() {
        TuningRule rule = TuningFit.of(trained(CELLS.grid()), "made").rule();
        List<TuningPoint> noisy = trained(CELLS.check(rule)).stream()
                .map(p -> new TuningPoint(
                        p.size(),
                        p.params(),
                        p.batch(),
                        p.beta2(),
                        p.learningRate(),
                        p.steps(),
                        p.seed(),
                        p.loss() + 0.1 * (p.seed() - 2),
                        p.seconds()))
                .toList();
        TuningCheck check = CELLS.judge(rule, noisy);
        assertThat(check.holds()).isTrue();
        assertThat(check.noise()).isCloseTo(0.1, within(1e-9));
        assertThat(check.regret()).isCloseTo(0, within(1e-3));
    }

    private static Tuning tuning() {
        List<TuningPoint> points = trained(CELLS.grid());
        TuningFit fit = TuningFit.of(points, "made");
        TuningCheck check = CELLS.judge(fit.rule(), trained(CELLS.check(fit.rule())));
        return new Tuning("study", "made by a test", "embedded:noto", GRID, points, fit, check);
    }

    /** Points of a world in which the rule is 0.4 N^-0.6 batch^0.4 and beta2 0.99 is better. */
    private static List<TuningPoint> trained(List<TuningCells.Cell> cells) {
        List<TuningPoint> points = new ArrayList<>();
        for (TuningCells.Cell cell : cells) {
            double best = 0.4
                    * Math.pow((double) cell.spec().shape().params(), -0.6)
                    * Math.pow(cell.spec().batch(), 0.4);
            double off = Math.log(cell.spec().optimizer().learningRate() / best);
            double penalty = cell.spec().optimizer().beta2() == 0.99 ? 0 : 0.1;
            points.add(cell.point(5 + penalty + 0.2 * off * off, 1));
        }
        return points;
    }

    private static TuningPoint point(double rate, double loss) {
        return new TuningPoint(new ModelSize(2, 8, 1), 2048, 4, 0.99, rate, 1000, 1, loss, 1);
    }
}

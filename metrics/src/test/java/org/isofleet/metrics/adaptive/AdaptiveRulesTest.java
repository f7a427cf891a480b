package org.isofleet.metrics.adaptive;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.isofleet.metrics.scaling.Observation;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@NullUnmarked // set up before each test
class AdaptiveRulesTest {
    private static final double FOURTH = 8e12;
    private static final double FIFTH = 1.6e13;

    private SimulatedGrid study;
    private AdaptiveGrid grid;
    private final List<Observation> results = new ArrayList<>();
    private final Set<Cell> open = new HashSet<>();
    private final Set<Cell> closed = new HashSet<>();

    @BeforeEach
    void draw() {
        study = IntStream.range(0, 100)
                .mapToObj(seed -> SimulatedGrid.draw(seed, 0.7, 1))
                .filter(each -> each.grid.pilot().size() == 3 * 7)
                .findFirst()
                .orElseThrow();
        grid = study.grid;
    }

    @Test
    void pilot_goesOnUntilItsLastRun() {
        open.addAll(grid.pilot());
        assertThat(decide()).isEmpty();
        end(grid.pilot().subList(1, grid.pilot().size()));
        assertThat(decide()).noneMatch(AdaptiveDecision.OpenBudget.class::isInstance);
    }

    @Test
    void nextBudget_hasFiveSizesAroundTheBest() {
        end(grid.pilot());
        assertThat(decide()).singleElement().isInstanceOfSatisfying(AdaptiveDecision.OpenBudget.class, next -> {
            assertThat(next.budgetFlops()).isEqualTo(FOURTH);
            double best = Math.log(study.surface.bestParams(FOURTH));
            assertThat(next.cells()).hasSize(5).allSatisfy(cell -> {
                assertThat(cell.budgetFlops()).isEqualTo(FOURTH);
                assertThat(Math.abs(Math.log(cell.params()) - best)).isLessThan(Math.log(8) + 0.4);
            });
            assertThat(next.cells()).anyMatch(cell -> Math.log(cell.params()) > best + 1.5);
            assertThat(next.cells()).anyMatch(cell -> Math.log(cell.params()) < best - 1.5);
            assertThat(next.reason())
                    .contains("budget 8e12: 5 sizes around the best N", "within two deviations", "vpnls");
        });
    }

    @Test
    void nextBudget_withoutALaw_hasTheSizesOfTheStudyFile() {
        closed.addAll(grid.pilot()); // all of them parked
        assertThat(decide()).singleElement().isInstanceOfSatisfying(AdaptiveDecision.OpenBudget.class, next -> {
            assertThat(Set.copyOf(next.cells())).isEqualTo(planned(FOURTH));
            assertThat(next.reason()).contains("no law", "at least 6 points");
        });
    }

    @Test
    void nextBudget_waitsForWhoIsOpen_andThenComesOnce() {
        end(grid.pilot());
        open.addAll(planned(FOURTH));
        assertThat(decide()).noneMatch(AdaptiveDecision.OpenBudget.class::isInstance);
        end(List.copyOf(open));
        assertThat(decide())
                .singleElement()
                .isInstanceOfSatisfying(
                        AdaptiveDecision.OpenBudget.class,
                        next -> assertThat(next.budgetFlops()).isEqualTo(FIFTH));
    }

    @Test
    void rest_goesWhereTheIntervalShrinksMost_andIsHalvedByEachRound() {
        endAllBudgets();
        double left = grid.flops() - flops();
        assertThat(decide()).singleElement().isInstanceOfSatisfying(AdaptiveDecision.SpendRest.class, rest -> {
            double spent = rest.cells().stream().mapToDouble(Cell::flops).sum();
            assertThat(spent).isBetween(0.25 * left, 0.5 * left + 1);
            assertThat(rest.cells()).doesNotHaveDuplicates().noneMatch(closed::contains);
            assertThat(rest.reason()).contains("FLOPs are left", "shrinks most, expected from a factor of 1.");
            LossLaw.Known law = (LossLaw.Known) LossLaw.of(results);
            double chosen = per(law, rest.cells().get(0));
            assertThat(grid.candidates()
                            .filter(cell -> !closed.contains(cell))
                            .filter(cell -> cell.flops() <= left / 2)
                            .filter(cell -> Math.abs(Math.log(cell.params()) - law.logParamsAt(cell.budgetFlops()))
                                    <= Math.log(AdaptiveRules.REACH))
                            .max(Comparator.comparingDouble(cell -> per(law, cell)))
                            .orElseThrow())
                    .satisfies(best -> assertThat(per(law, best)).isLessThanOrEqualTo(chosen * (1 + 1e-9)));
        });
    }

    @Test
    void nothingLeft_nothingIsDecided() {
        endAllBudgets();
        List<AdaptiveDecision> decisions =
                AdaptiveRules.decide(grid, new AdaptiveProgress(results, Set.of(), closed, grid.flops()));
        assertThat(decisions).isEmpty();
    }

    @Test
    void cellThatCannotMoveTheBest_isStopped_whereFiveSizesAreLeft() {
        endAllBudgets();
        LossLaw.Known law = (LossLaw.Known) LossLaw.of(results);
        double budget = 1e12;
        // So many runs of the same cell that one more tells nothing.
        Cell known = grid.pilot().get(0);
        for (int i = 0; i < 2000; i++) {
            results.add(study.result(known));
        }
        Cell idle = new Cell(budget, known.params() * 1.01, known.tokens() / 1.01, 1, budget);
        Cell wanted = grid.further().stream()
                .filter(cell -> cell.budgetFlops() == FIFTH && !closed.contains(cell))
                .max(Comparator.comparingDouble(cell -> Math.abs(law.influence(cell, 5 * FIFTH))))
                .orElseThrow();
        open.add(idle);
        open.add(wanted);
        assertThat(decide()).singleElement().isInstanceOfSatisfying(AdaptiveDecision.StopCells.class, stop -> {
            assertThat(stop.cells()).containsExactly(idle);
            assertThat(stop.reason()).contains("by less than 5 % of its interval");
        });
        results.removeIf(result -> result.budgetFlops() == budget && result.params() > known.params() * 1.01);
        assertThat(decide()).isEmpty();
    }

    @Test
    void studies_ofManySurfaces_neverTakeMoreThanTheirGrid_andMeasureFiveSizesAtEveryBudget() {
        for (int seed = 0; seed < 12; seed++) {
            SimulatedGrid one = SimulatedGrid.draw(seed, 0.7, seed % 2 == 0 ? 1 : 0.75);
            SimulatedGrid.Adapted adapted = one.adapted();
            assertThat(adapted.flops()).isLessThanOrEqualTo(one.grid.flops() * (1 + 1e-9));
            for (double budget : new double[] {1e12, 2e12, 4e12, FOURTH, FIFTH}) {
                assertThat(adapted.results().stream().filter(r -> r.budgetFlops() == budget))
                        .hasSizeGreaterThanOrEqualTo(5);
            }
        }
    }

    private static double per(LossLaw.Known law, Cell cell) {
        return Math.pow(law.influence(cell, 5 * FIFTH), 2) / cell.flops();
    }

    private Set<Cell> planned(double budget) {
        return Set.copyOf(grid.planned().stream()
                .filter(cell -> cell.budgetFlops() == budget)
                .toList());
    }

    private void endAllBudgets() {
        end(grid.pilot());
        for (int budget = 0; budget < 2; budget++) {
            end(((AdaptiveDecision.OpenBudget) decide().get(0)).cells());
        }
    }

    private void end(List<Cell> cells) {
        cells.forEach(cell -> {
            open.remove(cell);
            closed.add(cell);
            results.add(study.result(cell));
        });
    }

    private double flops() {
        return closed.stream().mapToDouble(Cell::flops).sum();
    }

    private List<AdaptiveDecision> decide() {
        return AdaptiveRules.decide(grid, new AdaptiveProgress(results, open, closed, flops()));
    }
}

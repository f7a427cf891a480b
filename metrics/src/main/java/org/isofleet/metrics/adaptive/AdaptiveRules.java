package org.isofleet.metrics.adaptive;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.isofleet.metrics.live.Notation;

/**
 * What a study that adapts itself does next.
 *
 * <p>The pilot, the three lowest budgets of the study file, is trained as it stands. Each budget above begins when all that is trained
 * has ended: with {@link #SIZES} sizes around the best N there, as the study's fit of the loss has it, evenly apart in the logarithm from
 * 1 / {@link #REACH} to {@link #REACH} times as large. Without a law its cells are those of the study file. After the last budget what is left of the
 * compute is spent in rounds, half of it in each: cell by cell where the interval of the best N at {@link #FAR} times the largest budget
 * shrinks most for its compute, among the sizes within the same reach of the best at their budget. What a cell is expected to bring, and
 * what it could still move, is told by {@link org.isofleet.metrics.scaling.SurfaceDesign}, which needs no loss of it.
 *
 * <p>An open cell is stopped when none of the values that it may plausibly give would move the best N, at its own budget and at the far one,
 * by more than {@link #STOPPED} of its interval, and its budget keeps {@link #SIZES} sizes without it. Reach, sizes and shares are our choice;
 * {@code docs/fits.md} compares with the fixed grid.
 */
public final class AdaptiveRules {
    /** Budgets from below that are trained as the study file has them: a law needs three optima. */
    public static final int PILOT_BUDGETS = 3;

    /** Sizes that a budget begins with and keeps. */
    static final int SIZES = 5;

    /** How much larger and smaller than the best the sizes of a budget may be. */
    public static final double REACH = 8;

    /** The budget, in those of the largest, at which the best N is to be known. */
    static final double FAR = 5;

    /** Share of the interval below which a cell cannot move the best N. */
    static final double STOPPED = 0.05;

    /** A cell that takes less off the variance of the best N is not worth beginning. */
    static final double LEAST_GAIN = 0.01;

    static final double ROUNDING = 1e-9;

    private AdaptiveRules() {}

    /** Decides about what is known now; nothing when it is to go on as it does. */
    public static List<AdaptiveDecision> decide(AdaptiveGrid grid, AdaptiveProgress progress) {
        List<AdaptiveDecision> decisions = new ArrayList<>();
        LossLaw law = LossLaw.of(progress.results());
        Set<Cell> open = new HashSet<>(progress.open());
        if (law instanceof LossLaw.Known known && !open.isEmpty()) {
            List<Cell> idle = idle(grid, progress, known);
            if (!idle.isEmpty()) {
                decisions.add(new AdaptiveDecision.StopCells(idle, stopped(grid, known)));
                open.removeAll(idle);
            }
        }
        if (open.isEmpty()) {
            grid.budgets().stream()
                    .filter(budget -> !begun(budget, progress))
                    .flatMap(budget -> begin(grid, progress, budget, law).stream())
                    .findFirst()
                    .or(() -> spend(grid, progress, law))
                    .ifPresent(decisions::add);
        }
        return decisions;
    }

    private static boolean begun(double budget, AdaptiveProgress progress) {
        return Stream.concat(progress.open().stream(), progress.closed().stream())
                .anyMatch(cell -> cell.budgetFlops() == budget);
    }

    private static List<Cell> idle(AdaptiveGrid grid, AdaptiveProgress progress, LossLaw.Known law) {
        List<Cell> idle = new ArrayList<>();
        for (Cell cell : progress.open().stream().sorted(BY_PLACE).toList()) {
            Predicate<Cell> same = other -> other.budgetFlops() == cell.budgetFlops();
            long measured = progress.results().stream()
                    .filter(result -> result.budgetFlops() == cell.budgetFlops())
                    .mapToDouble(result -> result.params())
                    .distinct()
                    .count();
            long kept = measured
                    + progress.open().stream().filter(same).count()
                    - idle.stream().filter(same).count();
            if (kept > SIZES
                    && Math.abs(law.influence(cell, cell.budgetFlops())) < STOPPED
                    && Math.abs(law.influence(cell, far(grid))) < STOPPED) {
                idle.add(cell);
            }
        }
        return idle;
    }

    private static Optional<AdaptiveDecision> begin(
            AdaptiveGrid grid, AdaptiveProgress progress, double budget, LossLaw law) {
        double left = grid.flops() - progress.flops() - kept(grid, budget);
        String at = "budget " + Notation.flops(budget) + ": ";
        if (law instanceof LossLaw.Known known) {
            List<Cell> cells = Centring.around(known.logParamsAt(budget), at(budget, grid.candidates()), left);
            return opened(budget, cells, at + cells.size() + " sizes around the best N, " + known.best(budget));
        }
        List<Cell> affordable = new ArrayList<>();
        double rest = left;
        for (Cell cell : at(budget, grid.planned().stream())) {
            if (cell.flops() <= rest * (1 + ROUNDING)) {
                affordable.add(cell);
                rest -= cell.flops();
            }
        }
        String reason = ((LossLaw.Unknown) law).reason();
        return opened(
                budget,
                affordable,
                at + "the sizes of the study file, for there is no law that tells better: " + reason);
    }

    private static List<Cell> at(double budget, Stream<Cell> cells) {
        return cells.filter(cell -> cell.budgetFlops() == budget)
                .sorted(BY_PLACE)
                .toList();
    }

    private static Optional<AdaptiveDecision> opened(double budget, List<Cell> cells, String reason) {
        return cells.isEmpty() ? Optional.empty() : Optional.of(new AdaptiveDecision.OpenBudget(budget, cells, reason));
    }

    /** What the budgets above need to begin. */
    private static double kept(AdaptiveGrid grid, double budget) {
        double flops = 0;
        for (double above : grid.budgets().tailSet(budget, false)) {
            flops += grid.planned().stream()
                    .filter(cell -> cell.budgetFlops() == above)
                    .mapToDouble(Cell::flops)
                    .sorted()
                    .limit(SIZES)
                    .sum();
        }
        return flops;
    }

    private static Optional<AdaptiveDecision> spend(AdaptiveGrid grid, AdaptiveProgress progress, LossLaw law) {
        if (!(law instanceof LossLaw.Known known)) {
            return Optional.empty();
        }
        double left = grid.flops() - progress.flops();
        List<Cell> free = grid.candidates()
                .filter(cell -> !progress.knows(cell))
                .filter(cell ->
                        Math.abs(Math.log(cell.params()) - known.logParamsAt(cell.budgetFlops())) <= Math.log(REACH))
                .sorted(BY_PLACE)
                .toList();
        Spending half = Spending.of(known, far(grid), free, left / 2);
        Spending spending = half.cells().isEmpty() ? Spending.of(known, far(grid), free, left) : half;
        if (spending.cells().isEmpty()) {
            return Optional.empty();
        }
        String cells =
                spending.cells().size() == 1 ? "one cell" : spending.cells().size() + " cells";
        return Optional.of(new AdaptiveDecision.SpendRest(
                spending.cells(),
                text(
                        "%s FLOPs are left: %s where the interval of the best N at %s FLOPs shrinks most, expected from %s to %s",
                        Notation.flops(left),
                        cells,
                        Notation.flops(far(grid)),
                        factor(spending.before()),
                        factor(spending.after()))));
    }

    private static String stopped(AdaptiveGrid grid, LossLaw.Known law) {
        return text(
                "whatever it gives moves the best N, here and at %s FLOPs, by less than %.0f %% of its interval: %s",
                Notation.flops(far(grid)), 100 * STOPPED, law.best(far(grid)));
    }

    private static double far(AdaptiveGrid grid) {
        return FAR * grid.budgets().last();
    }

    private static String factor(double deviation) {
        return text("a factor of %.2f", Math.exp(2 * deviation));
    }

    private static final Comparator<Cell> BY_PLACE =
            Comparator.comparingDouble(Cell::budgetFlops).thenComparingDouble(Cell::params);

    private static String text(String format, Object... arguments) {
        return String.format(Locale.ROOT, format, arguments);
    }
}

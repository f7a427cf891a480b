package org.isofleet.deploy.study;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.isofleet.metrics.live.Narrative;

/** A plan as text for a terminal. */
final class PlanTable {
    private final List<String> lines = new ArrayList<>();

    private PlanTable() {}

    static List<String> of(PlanReport plan) {
        PlanTable table = new PlanTable();
        table.print("study %s (%s)", plan.name(), plan.studyId());
        plan.choices().forEach(choice -> table.print("  %s", choice));
        table.print("");
        table.runs(plan.runs());
        table.leftOut(plan.leftOut());
        table.totals(plan.totals());
        if (plan.gpus() != null) {
            table.gpus(plan.gpus());
        }
        return table.lines;
    }

    private void runs(List<PlanReport.Run> runs) {
        print(
                "%-8s %3s %7s %6s %6s %6s %6s %5s %3s %3s %8s %6s %6s %8s %7s",
                "budget", "px", "N", "model", "tokens", "images", "steps", "epoch", "B", "V", "lr", "exact", "memory",
                "time", "run");
        for (PlanReport.Run run : runs) {
            print(
                    "%-8.3g %3d %7s %6s %6s %6s %6d %5.1f %3d %3d %8.2e %5.2fx %6s %8s %7s%s",
                    run.budgetFlops(),
                    run.resolution(),
                    count(run.params()),
                    run.layers() + "x" + run.width(),
                    count(run.tokens()),
                    count(run.images()),
                    run.steps(),
                    run.epochs(),
                    run.batch(),
                    run.virtualShards(),
                    run.learningRate(),
                    run.flopsExact() / run.flops6nd(),
                    bytes(run.peakMemoryBytes()),
                    time(run.seconds()),
                    run.id().substring(0, 7),
                    run.label() == null ? "" : "  not fitted: " + run.label());
        }
    }

    private void leftOut(List<PlanReport.LeftOut> cells) {
        if (!cells.isEmpty()) {
            print("");
            print("left out:");
        }
        for (PlanReport.LeftOut cell : cells) {
            print(
                    "  %.3g FLOPs, %d px, %dx%d (N %s): %s",
                    cell.budgetFlops(),
                    cell.resolution(),
                    cell.layers(),
                    cell.width(),
                    count(Math.round(cell.params())),
                    cell.reason());
        }
    }

    private void totals(PlanReport.Totals totals) {
        print("");
        print(
                "%s, %.3g FLOPs as 6ND, %.3g with attention; about %s on %s, %.2g worker hours%s",
                Narrative.some(totals.runs(), "run"),
                totals.flops(),
                totals.flopsExact(),
                time(totals.wallHours() * 3600),
                Narrative.some(totals.assumedWorkers(), "worker"),
                totals.hours(),
                totals.cost() > 0 ? String.format(Locale.ROOT, ", cost %.2f", totals.cost()) : "");
        print(
                "(exact: FLOPs with attention counted over 6ND; time, memory and cost are estimates, at %.2g FLOPs a second and worker"
                        + " and %.2g s overhead a step: throughput and price in the study file)",
                totals.assumedFlopsPerSecond(), totals.assumedStepOverheadSeconds());
    }

    private void gpus(List<PlanReport.Gpu> gpus) {
        print("");
        print(
                "%-10s %8s %7s %10s %8s %10s  %s",
                "GPU", "peak", "memory", "GPU hours", "$/h", "cost $", "too large for one");
        for (PlanReport.Gpu gpu : gpus) {
            print(
                    "%-10s %8.3g %7s %10.1f %8.2f %10.0f  %s",
                    gpu.name(),
                    gpu.peakFlops(),
                    bytes(gpu.memoryBytes()),
                    gpu.hours(),
                    gpu.dollarsPerHour(),
                    gpu.cost(),
                    gpu.runsTooLarge() == 0 ? "none" : Narrative.some(gpu.runsTooLarge(), "run"));
        }
        print(
                "(estimates at %.2g of the data sheet's dense bf16 peak, attention counted, and rough prices: --utilisation, --price)",
                gpus.get(0).assumedUtilisation());
    }

    static String count(long value) {
        if (value < 10_000) {
            return Long.toString(value);
        }
        String[] units = {"k", "M", "G", "T"};
        double scaled = value;
        int unit = -1;
        while (scaled >= 999.5 && unit < units.length - 1) {
            scaled /= 1000;
            unit++;
        }
        return String.format(Locale.ROOT, scaled < 99.95 ? "%.1f%s" : "%.0f%s", scaled, units[unit]);
    }

    static String bytes(long value) {
        double mebibytes = value / 0x1p20;
        return mebibytes < 1000
                ? String.format(Locale.ROOT, "%.0fM", mebibytes)
                : String.format(Locale.ROOT, "%.1fG", mebibytes / 1024);
    }

    static String time(double seconds) {
        if (seconds < 99.5) {
            return String.format(Locale.ROOT, seconds < 9.95 ? "%.1f s" : "%.0f s", seconds);
        }
        if (seconds < 99.5 * 60) {
            return String.format(Locale.ROOT, "%.0f min", seconds / 60);
        }
        return seconds < 99.5 * 3600
                ? String.format(Locale.ROOT, "%.1f h", seconds / 3600)
                : String.format(Locale.ROOT, "%.0f d", seconds / 86400);
    }

    private void print(String format, Object... arguments) {
        lines.add(String.format(Locale.ROOT, format, arguments));
    }
}

package org.isofleet.deploy.chaos;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The end of a study under chaos as text for a terminal. */
public final class ChaosTable {
    private ChaosTable() {}

    /** One line each. */
    public static List<String> of(ChaosAnswer answer) {
        List<String> lines = new ArrayList<>();
        lines.add(row("fault", "count", "stopped a run", "recovery p50", "p95", "max"));
        int count = 0;
        for (ChaosAnswer.Row fault : answer.faults()) {
            ChaosAnswer.Quantiles seconds = fault.recoverySeconds();
            count += fault.count();
            lines.add(row(
                    fault.kind(),
                    Integer.toString(fault.count()),
                    Integer.toString(fault.recoveries()),
                    seconds == null ? "-" : seconds(seconds.p50()),
                    seconds == null ? "-" : seconds(seconds.p95()),
                    seconds == null ? "-" : seconds(seconds.max())));
        }
        answer.leftOut().forEach(left -> lines.add(left.kind() + " left out: " + left.reason()));
        lines.add("");
        lines.add("%d of %d faults befell the study before its end (seed %d)"
                .formatted(count, answer.planned(), answer.seed()));
        lines.add(String.format(
                Locale.ROOT,
                "goodput %.2f (%.1f s quiet, %.1f s faulted); work ratio %.3f; %d steps computed again",
                answer.goodput(),
                answer.quietSeconds(),
                answer.faultedSeconds(),
                answer.workRatio(),
                answer.lostSteps()));
        if (!answer.memory().isEmpty()) {
            lines.add(row("memory", "starts", "first quarter", "last quarter", "growth", "max"));
        }
        answer.memory()
                .forEach(role -> lines.add(row(
                        role.role(),
                        Integer.toString(role.processes()),
                        mebibytes(role.firstBytes()),
                        mebibytes(role.lastBytes()),
                        mebibytes(role.growthBytes()),
                        mebibytes(role.maxBytes()))));
        answer.runs().stream()
                .filter(run -> !run.state().equals("done")
                        || !run.ledgerExact()
                        || run.digest() == null
                        || !run.digest().equals(run.quietDigest()))
                .forEach(run -> lines.add("run %s: %s, digest %s, quiet %s, ledger %s"
                        .formatted(
                                run.id(),
                                run.state(),
                                run.digest(),
                                run.quietDigest(),
                                run.ledgerExact() ? "exact" : "not exact")));
        lines.add("digests " + (answer.digestsEqual() ? "equal" : "NOT EQUAL") + ", sample ledger "
                + (answer.ledgerExact() ? "exact" : "NOT EXACT") + ", "
                + (answer.runsDone() ? "every run done" : "NOT EVERY RUN DONE"));
        return lines;
    }

    private static String seconds(double value) {
        return String.format(Locale.ROOT, "%.2f s", value);
    }

    private static String mebibytes(long bytes) {
        return Math.round(bytes / 1048576.0) + " MiB";
    }

    private static String row(String... cells) {
        return String.format(Locale.ROOT, "%-12s %6s %14s %13s %9s %9s", (Object[]) cells);
    }
}

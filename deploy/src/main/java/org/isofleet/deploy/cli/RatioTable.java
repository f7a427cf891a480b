package org.isofleet.deploy.cli;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.isofleet.metrics.scaling.OptimaRatio;

/** Ratios of optima as plain text: a line a budget. */
final class RatioTable {
    private RatioTable() {}

    static String of(List<OptimaRatio> ratios) {
        return ratios.stream().map(RatioTable::line).collect(Collectors.joining());
    }

    private static String line(OptimaRatio ratio) {
        return String.format(
                        Locale.ROOT,
                        "%s over %s%s at %.4g FLOPs: N %s, D %s",
                        ratio.metric(),
                        ratio.against(),
                        ratio.group().isEmpty() ? "" : " " + ratio.group(),
                        ratio.budgetFlops(),
                        FitTable.interval(ratio.params()),
                        FitTable.interval(ratio.tokens()))
                + System.lineSeparator();
    }
}

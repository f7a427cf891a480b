package org.isofleet.deploy.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import org.isofleet.metrics.live.LiveEvent.RunState;
import org.isofleet.metrics.live.Narrative;
import org.isofleet.metrics.live.Notation;
import org.isofleet.metrics.live.RunView;
import org.isofleet.metrics.live.StudyAnswer;
import org.isofleet.metrics.live.StudyView;

/** A study as a table for people: one line a run, then the laws. */
final class StatusText {
    private StatusText() {}

    static List<String> of(StudyView view) {
        List<String> lines = new ArrayList<>();
        String name = view.plan().map(plan -> plan.name()).orElse("study");
        long parked = view.count(RunState.PARKED);
        long stopped = view.count(RunState.STOPPED);
        lines.add(name + ": " + view.count(RunState.DONE) + " of "
                + Narrative.some(view.runs().size(), "run") + " done"
                + (parked > 0 ? ", " + parked + " parked" : "")
                + (stopped > 0 ? ", " + stopped + " stopped" : "")
                + (view.finished() == null ? "" : ", finished in " + Notation.time(view.elapsed())));
        view.adapted()
                .forEach(adapted -> lines.add(
                        adapted.at().toString().substring(0, 19).replace('T', ' ') + " UTC, " + adapted.resolution()
                                + "x" + adapted.resolution() + ": " + Narrative.words(view, adapted)));
        lines.add(format("state", "px", "budget", "N", "D", "step", "of", "loss", "top-1", "FD", "id"));
        view.runs().forEach(run -> lines.add(row(run)));
        view.fits().values().stream()
                .sorted((a, b) -> a.metric().compareTo(b.metric()))
                .forEach(
                        update -> update.fits().forEach(fit -> lines.add(update.metric() + ": " + Narrative.law(fit))));
        return lines;
    }

    private static String row(RunView run) {
        String reason = run.trace().reason().map(text -> "  " + text).orElse("");
        return format(
                StudyAnswer.name(run.state()),
                Integer.toString(run.resolution()),
                Notation.flops(run.budgetFlops()),
                Notation.count(run.params()),
                Notation.count(run.tokens()),
                Long.toString(run.trace().step()),
                Long.toString(run.spec().steps()),
                number(run.loss(), 3),
                number(run.top1(), 3),
                number(run.frechetDistance(), 2),
                run.id().value() + reason);
    }

    private static String number(OptionalDouble value, int decimals) {
        return value.isPresent() ? Notation.fixed(value.getAsDouble(), decimals) : "-";
    }

    private static String format(Object... cells) {
        return String.format(Locale.ROOT, "%-10s %4s %8s %7s %8s %8s %9s %7s %7s %8s  %s", cells);
    }
}

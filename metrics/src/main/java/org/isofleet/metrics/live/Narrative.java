package org.isofleet.metrics.live;

import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import org.isofleet.metrics.live.LiveEvent.EvaluationRecorded;
import org.isofleet.metrics.live.LiveEvent.FitsUpdated;
import org.isofleet.metrics.live.LiveEvent.Operated;
import org.isofleet.metrics.live.LiveEvent.RunChanged;
import org.isofleet.metrics.live.LiveEvent.RunState;
import org.isofleet.metrics.live.LiveEvent.StudyAdapted;
import org.isofleet.metrics.live.LiveEvent.StudyFinished;
import org.isofleet.metrics.live.LiveEvent.StudyStarted;
import org.isofleet.metrics.live.LiveEvent.Warning;
import org.isofleet.metrics.live.LiveEvent.WorkerLost;
import org.isofleet.metrics.live.LiveEvent.WorkerSeen;
import org.isofleet.metrics.live.LogLine.Level;
import org.isofleet.metrics.scaling.Interval;
import org.isofleet.metrics.scaling.ScalingFit;
import org.isofleet.protocol.metric.EvaluationResult;
import org.isofleet.protocol.metric.EvaluationResult.CompletionDistance;
import org.isofleet.protocol.metric.EvaluationResult.HeldOutLoss;
import org.isofleet.protocol.metric.EvaluationResult.LinearProbe;
import org.isofleet.protocol.study.RunId;
import org.jspecify.annotations.Nullable;

/** Events in words: one line for those worth telling. */
public final class Narrative {
    private Narrative() {}

    /** What to say of an event that comes upon a view; empty when it is not worth a line. */
    public static Optional<LogLine> of(StudyView before, LiveEvent event) {
        if (event instanceof StudyStarted e) {
            return line(
                    e,
                    Level.INFO,
                    "study " + e.plan().name() + ": " + some(e.plan().runs().size(), "run") + " planned, "
                            + some(e.plan().leftOut().size(), "cell") + " left out");
        } else if (event instanceof StudyAdapted e) {
            return line(e, Level.INFO, words(before, e));
        } else if (event instanceof RunChanged e) {
            return changed(before, e);
        } else if (event instanceof EvaluationRecorded e) {
            return line(e, Level.GOOD, name(before, e.runId()) + ": " + words(e.result()));
        } else if (event instanceof FitsUpdated e) {
            return worthTelling(before.fits().get(e.metric()), e) ? line(e, Level.INFO, words(e)) : Optional.empty();
        } else if (event instanceof WorkerSeen e) {
            WorkerView known = before.workers().get(e.workerId());
            return known != null && known.alive()
                    ? Optional.empty()
                    : line(e, Level.INFO, "worker " + e.workerId() + (known == null ? " joined" : " is back"));
        } else if (event instanceof WorkerLost && before.finished() != null) {
            return Optional.empty(); // the study has sent it home
        } else if (event instanceof WorkerLost e) {
            return line(e, Level.BAD, "worker " + e.workerId() + " lost: " + e.reason());
        } else if (event instanceof Warning e) {
            String subject = e.runId() == null ? "" : name(before, e.runId()) + ": ";
            return line(e, Level.WARNING, subject + e.text());
        } else if (event instanceof Operated e) {
            String what = e.runId() == null ? some(e.runs(), "run") : name(before, e.runId());
            return line(
                    e, Level.WARNING, what + (e.runId() == null ? " of the study " : " ") + e.done() + " by " + e.by());
        } else if (event instanceof StudyFinished e) {
            return line(
                    e,
                    e.parked() == 0 ? Level.GOOD : Level.WARNING,
                    "study finished: " + some(e.done(), "run") + " done"
                            + (e.parked() == 0 ? "" : ", " + e.parked() + " parked"));
        }
        return Optional.empty();
    }

    /** A number of things: 1 run, 2 runs. */
    public static String some(long count, String thing) {
        return count + " " + thing + (count == 1 ? "" : "s");
    }

    /** A run as people call it: its size and budget. */
    public static String name(StudyView view, RunId id) {
        return view.run(id).map(Narrative::name).orElse(id.value());
    }

    public static String name(RunView run) {
        return Notation.count(run.params()) + " @ " + Notation.flops(run.budgetFlops());
    }

    /** A decision of the study: what it stops, if it does, and why it decided. */
    public static String words(StudyView view, StudyAdapted adapted) {
        String stopped = adapted.stopped().stream().map(id -> name(view, id)).collect(Collectors.joining(", "));
        return stopped.isEmpty() ? adapted.reason() : "stopped " + stopped + ": " + adapted.reason();
    }

    private static Optional<LogLine> changed(StudyView before, RunChanged e) {
        RunTrace known = before.traces().getOrDefault(e.runId(), RunTrace.UNHEARD);
        String name = name(before, e.runId());
        String because = e.reason() == null ? "" : ": " + e.reason();
        return switch (e.state()) {
            case RETRYING -> line(e, Level.WARNING, name + " will be tried again" + because);
            case PAUSED ->
                known.state() == RunState.PAUSED
                        ? Optional.empty()
                        : line(e, Level.WARNING, name + " stands" + because);
            case PARKED -> line(e, Level.BAD, name + " parked" + because);
            case FORMING ->
                e.generation() > 1 && e.generation() > known.generation()
                        ? line(e, Level.WARNING, name + " gets generation " + e.generation() + because)
                        : Optional.empty();
            case TRAINING ->
                known.state() == RunState.TRAINING && known.generation() == e.generation()
                        ? Optional.empty()
                        : line(
                                e,
                                Level.INFO,
                                name + " trains on " + e.workers().stream().collect(Collectors.joining(" + ")));
            case WAITING, EVALUATING, DONE, STOPPED -> Optional.empty();
        };
    }

    private static Optional<LogLine> line(LiveEvent event, Level level, String text) {
        return Optional.of(new LogLine(event.at(), level, text));
    }

    private static String words(EvaluationResult result) {
        if (result instanceof HeldOutLoss loss) {
            return "loss " + Notation.fixed(loss.natsPerPixel(), 3) + " nats/pixel, "
                    + Notation.fixed(loss.bitsPerDimension(), 3) + " bits/dim";
        } else if (result instanceof LinearProbe probe) {
            return "probe " + Notation.fixed(100 * probe.top1(), 1) + " % (majority "
                    + Notation.fixed(100 * probe.majority(), 1) + ", untrained "
                    + Notation.fixed(100 * probe.untrained(), 1) + ")";
        } else if (result instanceof CompletionDistance distance) {
            return "completions FD " + Notation.count(distance.distance()) + " (real against real, same counts: "
                    + Notation.count(distance.floor()) + ")";
        }
        return result.kind().name().toLowerCase(Locale.ROOT);
    }

    /** A law is told when it changed to the digits shown; that there is none, only once. */
    private static boolean worthTelling(@Nullable FitsUpdated before, FitsUpdated update) {
        if (update.fits().isEmpty()) {
            return false;
        }
        if (before == null || before.fits().isEmpty()) {
            return true;
        }
        ScalingFit old = before.fits().get(0);
        ScalingFit fit = update.fits().get(0);
        return (old.usable() || fit.usable()) && !law(old).equals(law(fit));
    }

    private static String words(FitsUpdated update) {
        ScalingFit fit = update.fits().get(0);
        return "fit of " + update.metric() + " from " + some(fit.points(), "run") + ": " + law(fit);
    }

    /** The law of a fit in one line, or why there is none. */
    public static String law(ScalingFit fit) {
        Interval exponent = fit.nExponent();
        if (fit.status().equals("refused") || exponent == null) {
            return "no law by " + fit.method() + ": " + fit.reason();
        }
        String status = fit.status().equals("ok") ? "" : ", " + fit.status();
        return "N ∝ C^" + words(exponent) + " by " + fit.method() + status;
    }

    /** A value and its interval, two decimals each. */
    public static String words(Interval interval) {
        String value = Notation.fixed(interval.value(), 2);
        return interval.level() > 0
                ? value + " [" + Notation.fixed(interval.low(), 2) + ", " + Notation.fixed(interval.high(), 2) + "]"
                : value;
    }
}

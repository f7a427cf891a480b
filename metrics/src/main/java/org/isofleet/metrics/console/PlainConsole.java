package org.isofleet.metrics.console;

import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import java.util.stream.Collectors;
import org.isofleet.metrics.live.LiveEvent;
import org.isofleet.metrics.live.LiveEvent.RunState;
import org.isofleet.metrics.live.LogLine;
import org.isofleet.metrics.live.Narrative;
import org.isofleet.metrics.live.Notation;
import org.isofleet.metrics.live.RunView;
import org.isofleet.metrics.live.StudyView;

/** A study as plain lines for a log or a pipe: one for every event worth telling, and progress now and then. Any thread may feed it. */
public final class PlainConsole implements StudyConsole {
    private static final Duration PROGRESS_EVERY = Duration.ofSeconds(10);
    private static final DateTimeFormatter CLOCK = DateTimeFormatter.ofPattern("HH:mm:ss");

    private final PrintStream out;
    private final ZoneId zone;
    private StudyView view = StudyView.EMPTY;
    private Instant progressTold = Instant.EPOCH;

    public PlainConsole(PrintStream out) {
        this(out, ZoneId.systemDefault());
    }

    PlainConsole(PrintStream out, ZoneId zone) {
        this.out = out;
        this.zone = zone;
    }

    @Override
    public synchronized void accept(LiveEvent event) {
        StudyView before = view;
        view = before.with(event);
        Optional<LogLine> told =
                Narrative.of(before, event).filter(line -> !before.log().contains(line));
        if (told.isPresent()) {
            tell(event.at(), told.get().text());
        } else if (event instanceof LiveEvent.Progress && !event.at().isBefore(progressTold.plus(PROGRESS_EVERY))) {
            tell(event.at(), progress(view));
            progressTold = event.at();
        }
    }

    private void tell(Instant at, String text) {
        out.println(CLOCK.format(at.atZone(zone)) + " " + text);
        out.flush();
    }

    @Override
    public void close() {
        // The stream belongs to whoever opened it.
    }

    /** Where a study stands, in one line. */
    static String progress(StudyView view) {
        long ended = view.runs().stream().filter(RunView::ended).count();
        String active = view.runs().stream()
                .filter(run -> run.state() == RunState.TRAINING || run.state() == RunState.EVALUATING)
                .map(PlainConsole::active)
                .collect(Collectors.joining(", "));
        String eta = view.eta()
                .map(time -> ", about " + Notation.time(time) + " left")
                .orElse("");
        return ended + " of " + view.runs().size() + " runs" + (active.isEmpty() ? "" : "; " + active) + eta;
    }

    private static String active(RunView run) {
        if (run.state() == RunState.EVALUATING) {
            return Narrative.name(run) + " evaluating";
        }
        var points = run.trace().curve().points();
        String loss = points.isEmpty()
                ? ""
                : " batch loss " + Notation.fixed(points.get(points.size() - 1).loss(), 3);
        return Narrative.name(run) + " step " + run.trace().step() + "/"
                + run.spec().steps() + loss + " " + Notation.count(run.trace().tokensPerSecond()) + " tokens/s";
    }
}

package org.isofleet.coordinator.http;

import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.isofleet.metrics.live.LiveEvent;
import org.isofleet.metrics.live.LiveEvent.CheckpointCommitted;
import org.isofleet.metrics.live.LiveEvent.EvaluationRecorded;
import org.isofleet.metrics.live.LiveEvent.FitsUpdated;
import org.isofleet.metrics.live.LiveEvent.Progress;
import org.isofleet.metrics.live.LiveEvent.RunChanged;
import org.isofleet.metrics.live.LiveEvent.StudyAdapted;
import org.isofleet.metrics.live.LiveEvent.StudyStarted;
import org.isofleet.metrics.live.LiveEvent.WorkerLost;
import org.isofleet.metrics.live.LiveEvent.WorkerSeen;
import org.isofleet.metrics.live.LogLine;
import org.isofleet.metrics.live.RunView;
import org.isofleet.metrics.live.StudyView;
import org.isofleet.metrics.sink.FaultCounts;
import org.isofleet.metrics.sink.NodeGauges;
import org.isofleet.metrics.sink.PrometheusText;
import org.isofleet.protocol.study.RunId;
import org.jspecify.annotations.Nullable;

/**
 * The study as this coordinator serves it: its view and the story of each run, folded from the live events, and what has changed of them since it was
 * last asked. Any thread may give it events and ask.
 */
final class LiveModel implements Consumer<LiveEvent> {
    private final Clock clock;
    private final Map<RunId, RunStory> stories = new HashMap<>();
    private final Map<RunId, Integer> positions = new HashMap<>();
    private final FaultCounts faults = new FaultCounts();
    private StudyView view;
    private long sequence;
    private List<LogLine> logTold = List.of();
    private final Set<RunId> runs = new LinkedHashSet<>();
    private final Set<String> workers = new LinkedHashSet<>();
    private boolean planChanged;
    private boolean profilesChanged;
    private boolean changed;

    /** @param view what is known from before, as a study folder keeps it */
    LiveModel(StudyView view, List<LiveEvent> past, Clock clock) {
        this.view = view;
        this.clock = clock;
        past.forEach(this::remember);
        place();
        logTold = view.log();
    }

    @Override
    public synchronized void accept(LiveEvent event) {
        boolean planned = view.started() != null;
        view = view.with(event);
        remember(event);
        changed = true;
        if (event instanceof StudyStarted && !planned) {
            place();
            planChanged = true;
        } else if (event instanceof StudyAdapted e) {
            place();
            planChanged = true;
            runs.addAll(e.stopped());
        } else if (event instanceof RunChanged e) {
            runs.add(e.runId());
        } else if (event instanceof Progress e) {
            runs.add(e.runId());
        } else if (event instanceof CheckpointCommitted e) {
            runs.add(e.checkpoint().runId());
        } else if (event instanceof EvaluationRecorded e) {
            runs.add(e.runId());
            profilesChanged = true;
        } else if (event instanceof FitsUpdated) {
            profilesChanged = true;
        } else if (event instanceof WorkerSeen e) {
            workers.add(e.workerId());
        } else if (event instanceof WorkerLost e) {
            workers.add(e.workerId());
        }
    }

    private void remember(LiveEvent event) {
        faults.take(event);
        if (event instanceof RunChanged e) {
            story(e.runId()).take(e);
        } else if (event instanceof CheckpointCommitted e) {
            story(e.checkpoint().runId()).take(e);
        }
    }

    private RunStory story(RunId run) {
        return stories.computeIfAbsent(run, id -> new RunStory());
    }

    private void place() {
        view.planned().keySet().forEach(id -> positions.putIfAbsent(id, positions.size()));
    }

    synchronized StudyView view() {
        return view;
    }

    synchronized StudyNow study() {
        return StudyNow.of(view, clock.instant());
    }

    /** The study as Prometheus scrapes it; events go on meanwhile. */
    byte[] prometheusText(NodeGauges node) {
        StudyView scraped;
        FaultCounts counted;
        synchronized (this) {
            scraped = view;
            counted = faults.copy();
        }
        return PrometheusText.of(scraped, counted, node, clock.instant());
    }

    synchronized List<RunRow> rows() {
        return view.runs().stream()
                .map(run -> new RunRow(RunCell.of(run, position(run.id())), RunNow.of(run)))
                .toList();
    }

    synchronized Optional<RunDetail> run(RunId id) {
        return view.run(id).map(run -> RunDetail.of(view, run, position(id), story(id), clock.instant()));
    }

    synchronized List<WorkerRow> workers() {
        return view.workersInOrder().stream().map(WorkerRow::of).toList();
    }

    /** All of it, for somebody who begins to watch. */
    synchronized Board board() {
        List<RunView> all = view.runs();
        List<RunCell> cells = new ArrayList<>();
        Map<String, List<double[]>> curves = new HashMap<>();
        for (RunView run : all) {
            cells.add(RunCell.of(run, position(run.id())));
            if (!run.trace().curve().points().isEmpty()) {
                curves.put(run.id().value(), Board.thinned(run.trace().curve(), Board.curvePoints(all.size())));
            }
        }
        return new Board(
                "board/1",
                sequence,
                study(),
                cells,
                all.stream().map(RunNow::of).toList(),
                workers(),
                ProfileRow.of(view),
                view.log(),
                curves);
    }

    /** What has changed since the last call; null when nothing has. */
    synchronized @Nullable BoardChanges changes() {
        if (!changed) {
            return null;
        }
        changed = false;
        List<LogLine> log =
                view.log().stream().filter(line -> !logTold.contains(line)).toList();
        logTold = view.log();
        BoardChanges changes = new BoardChanges(
                ++sequence,
                planChanged,
                study(),
                runs.stream()
                        .flatMap(id -> view.run(id).stream())
                        .map(RunNow::of)
                        .toList(),
                workers.stream()
                        .flatMap(id -> Optional.ofNullable(view.workers().get(id)).stream())
                        .map(WorkerRow::of)
                        .toList(),
                profilesChanged ? ProfileRow.of(view) : null,
                log);
        runs.clear();
        workers.clear();
        planChanged = false;
        profilesChanged = false;
        return changes;
    }

    synchronized long sequence() {
        return sequence;
    }

    private int position(RunId id) {
        return positions.getOrDefault(id, 0);
    }
}

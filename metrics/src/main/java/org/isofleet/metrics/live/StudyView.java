package org.isofleet.metrics.live;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.isofleet.metrics.live.LiveEvent.CheckpointCommitted;
import org.isofleet.metrics.live.LiveEvent.EvaluationRecorded;
import org.isofleet.metrics.live.LiveEvent.FitsUpdated;
import org.isofleet.metrics.live.LiveEvent.Progress;
import org.isofleet.metrics.live.LiveEvent.RunChanged;
import org.isofleet.metrics.live.LiveEvent.RunState;
import org.isofleet.metrics.live.LiveEvent.StudyAdapted;
import org.isofleet.metrics.live.LiveEvent.StudyFinished;
import org.isofleet.metrics.live.LiveEvent.StudyStarted;
import org.isofleet.metrics.live.LiveEvent.Warning;
import org.isofleet.metrics.live.LiveEvent.WorkerLost;
import org.isofleet.metrics.live.LiveEvent.WorkerSeen;
import org.isofleet.protocol.study.PlannedRun;
import org.isofleet.protocol.study.RunId;
import org.isofleet.protocol.study.StudyPlan;
import org.jspecify.annotations.Nullable;

/**
 * A study as its events tell it: a value, folded from the stream by {@link #with}. The console, the report and every JSON answer
 * read it and nothing else.
 *
 * <p>After a coordinator's restart past events are published again. So the fold takes them twice, late and in any order: plan,
 * states, checkpoints, results and fits come out the same. Progress and workers are telemetry; there the last one told stands.
 *
 * @param started the first start, null before it was heard
 * @param planned the runs of the plan in its order, and then those that the study added; kept because an id is a hash that takes time
 * @param adapted what a study that adapts itself decided, the earliest first
 * @param traces what was heard of every run
 * @param fits the latest fits by metric: {@code loss}, {@code top1}, {@code fd}
 * @param estimates how the exponents of N went, by metric and group, the fewest points first
 * @param workers as last heard of, by id
 * @param log what is worth telling, oldest first, at most {@link #MOST_LOG_LINES}
 * @param warnings in the order they came, none twice
 * @param finished the end, null before it
 * @param lastEventAt time of the latest event of any kind
 */
public record StudyView(
        @Nullable StudyStarted started,
        Map<RunId, PlannedRun> planned,
        List<StudyAdapted> adapted,
        Map<RunId, RunTrace> traces,
        Map<String, FitsUpdated> fits,
        List<Estimate> estimates,
        Map<String, WorkerView> workers,
        List<LogLine> log,
        List<Warning> warnings,
        @Nullable StudyFinished finished,
        Instant lastEventAt) {
    public static final int MOST_LOG_LINES = 200;

    public static final StudyView EMPTY = new StudyView(
            null,
            Map.of(),
            List.of(),
            Map.of(),
            Map.of(),
            List.of(),
            Map.of(),
            List.of(),
            List.of(),
            null,
            Instant.EPOCH);

    /** The view after one more event. */
    public StudyView with(LiveEvent event) {
        Draft draft = new Draft(this);
        draft.take(event);
        Narrative.of(this, event).ifPresent(draft::tell);
        return draft.view();
    }

    /** The view with curves that were kept on disk. */
    StudyView withCurves(Map<RunId, LossCurve> curves) {
        Draft draft = new Draft(this);
        curves.forEach((run, curve) -> draft.change(run, trace -> trace.with(curve)));
        return draft.view();
    }

    /** The view with workers that were kept on disk; one that was told of since is newer. */
    StudyView withWorkers(List<WorkerView> kept) {
        Draft draft = new Draft(this);
        kept.forEach(worker -> draft.workers.putIfAbsent(worker.seen().workerId(), worker));
        return draft.view();
    }

    public Optional<StudyPlan> plan() {
        return Optional.ofNullable(started).map(StudyStarted::plan);
    }

    /** Every run of the plan in its order; empty before the study started. */
    public List<RunView> runs() {
        return planned.keySet().stream().flatMap(id -> run(id).stream()).toList();
    }

    /** The run of that id, if the plan has it. */
    public Optional<RunView> run(RunId id) {
        return Optional.ofNullable(planned.get(id))
                .map(cell -> new RunView(id, cell, traces.getOrDefault(id, RunTrace.UNHEARD)));
    }

    /** The workers in the order of their ids. */
    public List<WorkerView> workersInOrder() {
        return List.copyOf(new TreeMap<>(workers).values());
    }

    public long count(RunState state) {
        return runs().stream().filter(run -> run.state() == state).count();
    }

    /** Time from the first start to the end, or to the latest event. */
    public Duration elapsed() {
        return elapsed(lastEventAt);
    }

    /** Time from the first start to the end, or to {@code now} while it goes on. */
    public Duration elapsed(Instant now) {
        if (started == null) {
            return Duration.ZERO;
        }
        Duration wall = Duration.between(started.at(), finished == null ? now : finished.at());
        return wall.isNegative() ? Duration.ZERO : wall;
    }

    /** Expected time to the end, as of the latest event; empty while no rate is known. */
    public Optional<Duration> eta() {
        return eta(lastEventAt);
    }

    /** Expected time to the end; empty while no rate is known. */
    public Optional<Duration> eta(Instant now) {
        Duration since = lastEventAt.isBefore(now) ? Duration.between(lastEventAt, now) : Duration.ZERO;
        return Pace.remaining(runs()).map(left -> left.compareTo(since) > 0 ? left.minus(since) : Duration.ZERO);
    }

    /** A copy that is written to while one event is taken. */
    private static final class Draft {
        private final StudyView before;
        private @Nullable StudyStarted started;
        private Map<RunId, PlannedRun> planned;
        private final List<StudyAdapted> adapted;
        private final Map<RunId, RunTrace> traces;
        private final Map<String, FitsUpdated> fits;
        private List<Estimate> estimates;
        private final Map<String, WorkerView> workers;
        private final List<LogLine> log;
        private final List<Warning> warnings;
        private @Nullable StudyFinished finished;
        private Instant lastEventAt;

        Draft(StudyView before) {
            this.before = before;
            started = before.started;
            planned = before.planned;
            adapted = new ArrayList<>(before.adapted);
            traces = new LinkedHashMap<>(before.traces);
            fits = new TreeMap<>(before.fits);
            estimates = before.estimates;
            workers = new TreeMap<>(before.workers);
            log = new ArrayList<>(before.log);
            warnings = new ArrayList<>(before.warnings);
            finished = before.finished;
            lastEventAt = before.lastEventAt;
        }

        void take(LiveEvent event) {
            lastEventAt = event.at().isAfter(lastEventAt) ? event.at() : lastEventAt;
            if (event instanceof StudyStarted e) {
                if (before.started == null || !e.at().isAfter(before.started.at())) {
                    start(e);
                }
            } else if (event instanceof StudyAdapted e) {
                adapt(e);
            } else if (event instanceof RunChanged e) {
                change(e.runId(), trace -> trace.with(e));
            } else if (event instanceof Progress e) {
                change(e.runId(), trace -> trace.with(e));
            } else if (event instanceof CheckpointCommitted e) {
                change(e.checkpoint().runId(), trace -> trace.with(e));
            } else if (event instanceof EvaluationRecorded e) {
                change(e.runId(), trace -> trace.with(e));
            } else if (event instanceof FitsUpdated e) {
                estimates = Estimate.with(estimates, e);
                fits.merge(e.metric(), e, (old, update) -> better(old, update) ? update : old);
            } else if (event instanceof WorkerSeen e) {
                workers.put(e.workerId(), new WorkerView(e, null));
            } else if (event instanceof WorkerLost e) {
                workers.computeIfPresent(e.workerId(), (id, worker) -> new WorkerView(worker.seen(), e.reason()));
            } else if (event instanceof Warning e) {
                if (!warnings.contains(e)) {
                    warnings.add(e);
                }
            } else if (event instanceof StudyFinished e) {
                finished = finished == null || e.at().isAfter(finished.at()) ? e : finished;
            }
        }

        private void start(StudyStarted event) {
            started = event;
            count();
        }

        private void adapt(StudyAdapted event) {
            if (!adapted.contains(event)) {
                adapted.add(event);
                adapted.sort(Comparator.comparing(
                        StudyAdapted::at)); // stable, so that those of one instant keep their order
                event.stopped()
                        .forEach(run -> change(
                                run,
                                trace -> trace.with(new RunChanged(
                                        event.at(),
                                        run,
                                        RunState.STOPPED,
                                        trace.generation(),
                                        List.of(),
                                        trace.restarts(),
                                        event.reason()))));
                count();
            }
        }

        private void count() {
            if (started != null) {
                Map<RunId, PlannedRun> cells = new LinkedHashMap<>();
                started.plan().runs().forEach(cell -> cells.put(cell.spec().id(), cell));
                Set<RunId> added = adapted.stream()
                        .flatMap(e -> e.added().stream())
                        .collect(Collectors.toCollection(LinkedHashSet::new));
                if (!added.isEmpty()) {
                    Map<RunId, PlannedRun> known = new HashMap<>();
                    started.plan()
                            .everyRun()
                            .forEach(cell -> known.put(cell.spec().id(), cell));
                    known.keySet().retainAll(added);
                    added.stream().filter(known::containsKey).forEach(id -> cells.put(id, known.get(id)));
                }
                planned = Collections.unmodifiableMap(cells);
            }
        }

        private static boolean better(FitsUpdated old, FitsUpdated update) {
            return update.finishedRuns() > old.finishedRuns()
                    || (update.finishedRuns() == old.finishedRuns()
                            && !update.at().isBefore(old.at()));
        }

        void change(RunId run, UnaryOperator<RunTrace> change) {
            traces.put(run, change.apply(traces.getOrDefault(run, RunTrace.UNHEARD)));
        }

        void tell(LogLine line) {
            if (!log.contains(line)) {
                int at = log.size();
                while (at > 0 && line.at().isBefore(log.get(at - 1).at())) {
                    at--; // told again after a restart, run by run
                }
                log.add(at, line);
                if (log.size() > MOST_LOG_LINES) {
                    log.remove(0);
                }
            }
        }

        StudyView view() {
            return new StudyView(
                    started,
                    planned,
                    List.copyOf(adapted),
                    Map.copyOf(traces),
                    Map.copyOf(fits),
                    estimates,
                    Map.copyOf(workers),
                    List.copyOf(log),
                    List.copyOf(warnings),
                    finished,
                    lastEventAt);
        }
    }
}

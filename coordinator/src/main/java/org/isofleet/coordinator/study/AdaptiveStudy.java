package org.isofleet.coordinator.study;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.isofleet.metrics.adaptive.AdaptiveDecision;
import org.isofleet.metrics.adaptive.AdaptiveGrid;
import org.isofleet.metrics.adaptive.AdaptiveProgress;
import org.isofleet.metrics.adaptive.AdaptiveRules;
import org.isofleet.metrics.adaptive.Cell;
import org.isofleet.metrics.scaling.Observation;
import org.isofleet.protocol.run.RunOutcome;
import org.isofleet.protocol.run.StudyEvent;
import org.isofleet.protocol.run.StudyHistory;
import org.isofleet.protocol.study.AdaptivePlan;
import org.isofleet.protocol.study.PlannedRun;
import org.isofleet.protocol.study.RunId;

/**
 * The runs of a study as {@link AdaptiveRules} sees them, and its decisions as events. Resolutions are grids of their own, each with the compute
 * that the study file has for it. A cell is the runs of one N at one budget, with all seeds. Only runs that laws rest on take part. Compute counts
 * attention; of a stopped run it counts the steps that were trained, and until those are known all of them.
 */
final class AdaptiveStudy {
    private final StudyHistory history;
    private final Map<Cell, List<PlannedRun>> cells = new LinkedHashMap<>();
    private final Map<RunId, StudyEvent.RunEnded> ends;
    private final AdaptiveGrid grid;

    private AdaptiveStudy(StudyHistory history, AdaptivePlan adaptive, int resolution) {
        this.history = history;
        ends = history.ended().stream().collect(Collectors.toMap(StudyEvent.RunEnded::runId, end -> end));
        grid = new AdaptiveGrid(
                cells(history.plan().runs(), resolution),
                cells(adaptive.planned(), resolution),
                cells(adaptive.further(), resolution));
    }

    /** What a study decides now, if it adapts itself and is able to; the same for the same history. */
    static List<StudyEvent.StudyAdapted> decide(StudyHistory history, Instant now) {
        AdaptivePlan adaptive = history.plan().adaptive();
        List<StudyEvent.StudyAdapted> events = new ArrayList<>();
        if (adaptive != null) {
            for (int resolution : new TreeSet<>(
                    adaptive.planned().stream().map(AdaptiveStudy::resolution).toList())) {
                AdaptiveStudy study = new AdaptiveStudy(history, adaptive, resolution);
                AdaptiveRules.decide(study.grid, study.progress())
                        .forEach(decision -> events.add(study.event(decision, now, resolution)));
            }
        }
        return events;
    }

    private static int resolution(PlannedRun run) {
        return run.spec().shape().resolution();
    }

    private List<Cell> cells(List<PlannedRun> runs, int resolution) {
        Map<List<Double>, List<PlannedRun>> places = runs.stream()
                .filter(run -> run.fitted() && resolution(run) == resolution)
                .collect(Collectors.groupingBy(
                        run -> List.of(run.spec().budget().flops(), (double)
                                run.spec().shape().params()),
                        LinkedHashMap::new,
                        Collectors.toList()));
        List<Cell> found = new ArrayList<>();
        places.values().forEach(place -> {
            Cell cell = cell(place);
            cells.put(cell, place);
            found.add(cell);
        });
        return found;
    }

    private static Cell cell(List<PlannedRun> runs) {
        PlannedRun first = runs.get(0);
        return new Cell(
                first.spec().budget().flops(),
                first.spec().shape().params(),
                runs.stream()
                        .mapToDouble(run -> run.spec().tokensSeen())
                        .average()
                        .orElseThrow(),
                runs.size(),
                runs.stream().mapToDouble(run -> run.spec().exactFlops()).sum());
    }

    private AdaptiveProgress progress() {
        Set<RunId> wanted = history.runs().stream().map(run -> run.spec().id()).collect(Collectors.toSet());
        List<Observation> results = new ArrayList<>();
        Set<Cell> open = new HashSet<>();
        Set<Cell> closed = new HashSet<>();
        double closedFlops = 0;
        for (Map.Entry<Cell, List<PlannedRun>> entry : cells.entrySet()) {
            List<PlannedRun> runs = entry.getValue();
            if (!wanted.contains(runs.get(0).spec().id())) {
                continue;
            }
            runs.stream().flatMap(this::result).forEach(results::add);
            if (runs.stream().anyMatch(this::isOpen)) {
                open.add(entry.getKey());
            } else {
                closed.add(entry.getKey());
                closedFlops += runs.stream().mapToDouble(this::spent).sum();
            }
        }
        return new AdaptiveProgress(results, open, closed, closedFlops);
    }

    private boolean isOpen(PlannedRun run) {
        RunId id = run.spec().id();
        return !ends.containsKey(id) && history.stopped(id).isEmpty();
    }

    private Stream<Observation> result(PlannedRun run) {
        StudyEvent.RunEnded end = ends.get(run.spec().id());
        Double loss = end == null || end.outcome() != RunOutcome.DONE ? null : end.loss();
        return loss == null || !(loss > 0) || !Double.isFinite(loss)
                ? Stream.of()
                : Stream.of(new Observation(
                        run.spec().id().value(),
                        run.spec().budget().flops(),
                        run.spec().shape().params(),
                        run.spec().tokensSeen(),
                        loss));
    }

    private double spent(PlannedRun run) {
        StudyEvent.RunEnded end = ends.get(run.spec().id());
        double share = end != null && end.outcome() == RunOutcome.STOPPED
                ? Math.min(1, (double) end.steps() / run.spec().steps())
                : 1;
        return share * run.spec().exactFlops();
    }

    private StudyEvent.StudyAdapted event(AdaptiveDecision decision, Instant now, int resolution) {
        if (decision instanceof AdaptiveDecision.StopCells stop) {
            List<RunId> running = ids(stop.cells()).stream()
                    .filter(id -> !ends.containsKey(id))
                    .toList();
            return new StudyEvent.StudyAdapted(now, resolution, List.of(), running, stop.reason());
        }
        List<Cell> added = decision instanceof AdaptiveDecision.OpenBudget open
                ? open.cells()
                : ((AdaptiveDecision.SpendRest) decision).cells();
        return new StudyEvent.StudyAdapted(now, resolution, ids(added), List.of(), decision.reason());
    }

    private List<RunId> ids(List<Cell> chosen) {
        return chosen.stream()
                .flatMap(cell -> Objects.requireNonNull(cells.get(cell)).stream())
                .map(run -> run.spec().id())
                .toList();
    }
}

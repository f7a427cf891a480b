package org.isofleet.coordinator.fit;

import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.isofleet.metrics.live.CommonProtocol;
import org.isofleet.metrics.live.LiveEvent;
import org.isofleet.metrics.scaling.Observation;
import org.isofleet.metrics.scaling.ScalingFit;
import org.isofleet.protocol.metric.EvaluationResult;
import org.isofleet.protocol.study.ModelShape;
import org.isofleet.protocol.study.PlannedRun;
import org.isofleet.protocol.study.RunId;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Refits the scaling laws when a result arrives and publishes them. Results that come within {@code pause} of each other share one
 * fit. Everything happens on one thread of its own, so that no actor waits for a bootstrap.
 */
public final class StreamingFit implements Consumer<LiveEvent>, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(StreamingFit.class);

    private final FitFunction function;
    private final Consumer<LiveEvent> live;
    private final Duration pause;
    private final Clock clock;
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread created = new Thread(task, "isofleet-fit");
        created.setDaemon(true);
        return created;
    });

    private final Map<RunId, PlannedRun> known = new HashMap<>();
    private final Map<RunId, PlannedRun> planned = new HashMap<>();
    private final Map<FittedMetric, Map<RunId, Measured>> values = new TreeMap<>();
    private final Set<RunId> finished = new HashSet<>();
    private final Set<FittedMetric> stale = EnumSet.noneOf(FittedMetric.class);

    /** A value and how it was measured. */
    private record Measured(double value, String protocol) {}

    /**
     * @param live where fits are published
     * @param pause between the first result that is not yet fitted and the fit
     */
    public StreamingFit(FitFunction function, Consumer<LiveEvent> live, Duration pause, Clock clock) {
        this.function = function;
        this.live = live;
        this.pause = pause;
        this.clock = clock;
    }

    /** Hands the event over and returns. */
    @Override
    public void accept(LiveEvent event) {
        if (event instanceof LiveEvent.StudyStarted
                || event instanceof LiveEvent.StudyAdapted
                || event instanceof LiveEvent.EvaluationRecorded
                || event instanceof LiveEvent.RunChanged) {
            if (!thread.isShutdown()) {
                thread.execute(() -> guarded("what follows from " + event, () -> take(event)));
            }
        }
    }

    private void take(LiveEvent event) {
        if (event instanceof LiveEvent.StudyStarted started) {
            started.plan().everyRun().forEach(run -> known.put(run.spec().id(), run));
            started.plan().runs().forEach(run -> planned.put(run.spec().id(), run));
        } else if (event instanceof LiveEvent.StudyAdapted adapted) {
            adapted.added()
                    .forEach(id -> known.computeIfPresent(id, (same, run) -> {
                        planned.put(id, run);
                        return run;
                    }));
        } else if (event instanceof LiveEvent.RunChanged changed) {
            if (changed.state() == LiveEvent.RunState.DONE) {
                finished.add(changed.runId());
            } else {
                finished.remove(changed.runId()); // its end may have been taken back
            }
        } else if (event instanceof LiveEvent.EvaluationRecorded recorded) {
            take(recorded.runId(), recorded.result());
        }
    }

    private void take(RunId runId, EvaluationResult result) {
        PlannedRun run = planned.get(runId);
        double value = FittedMetric.value(result);
        if (run == null || !run.fitted() || !Double.isFinite(value)) {
            return;
        }
        FittedMetric metric = FittedMetric.of(result);
        Measured measured = new Measured(value, result.protocol());
        Measured before = values.computeIfAbsent(metric, m -> new TreeMap<>()).put(runId, measured);
        if (measured.equals(before)) {
            return;
        }
        if (stale.isEmpty()) {
            ScheduledFuture<?> unused = thread.schedule(this::fitStale, pause.toMillis(), TimeUnit.MILLISECONDS);
        }
        stale.add(metric);
    }

    /** Fits everything that was handed over until now, without the pause, and completes when that is published. */
    public CompletableFuture<Void> settled() {
        return CompletableFuture.runAsync(
                () -> {
                    stale.addAll(values.keySet());
                    fitStale();
                },
                thread);
    }

    private void fitStale() {
        Set<FittedMetric> due = EnumSet.copyOf(stale);
        stale.clear();
        due.forEach(metric -> guarded("the fit of " + metric.shortName(), () -> live.accept(fit(metric))));
    }

    /** The executor would keep what is thrown to itself; the next result must have its fit whatever became of this one. */
    private static void guarded(String what, Runnable task) {
        try {
            task.run();
        } catch (Throwable e) {
            LOG.error("{} failed: {}", what, e.toString(), e);
        }
    }

    private LiveEvent fit(FittedMetric metric) {
        Map<Integer, Map<RunId, Measured>> byResolution = new TreeMap<>();
        values.getOrDefault(metric, Map.of())
                .forEach((runId, value) -> byResolution
                        .computeIfAbsent(run(runId).spec().shape().resolution(), r -> new TreeMap<>())
                        .put(runId, value));
        List<ScalingFit> fits = new ArrayList<>();
        byResolution.forEach((resolution, measured) -> fits.addAll(function.fit(
                metric, Map.of("resolution", resolution.toString()), observations(measured), shapes(resolution))));
        return new LiveEvent.FitsUpdated(clock.instant(), metric.shortName(), fits, finished.size(), planned.size());
    }

    private List<ModelShape> shapes(int resolution) {
        return planned.values().stream()
                .filter(PlannedRun::fitted)
                .map(run -> run.spec().shape())
                .filter(shape -> shape.resolution() == resolution)
                .distinct()
                .toList();
    }

    /** What was measured by the protocol of the most; what differs is never put on one curve. */
    private List<Observation> observations(Map<RunId, Measured> measured) {
        Optional<String> common = CommonProtocol.among(
                measured.values().stream().map(Measured::protocol).toList());
        List<Observation> observations = new ArrayList<>();
        measured.forEach((runId, each) -> {
            if (common.equals(Optional.of(CommonProtocol.comparable(each.protocol())))) {
                observations.add(observation(run(runId), each.value()));
            }
        });
        return observations;
    }

    private PlannedRun run(RunId runId) {
        return Objects.requireNonNull(planned.get(runId));
    }

    private static Observation observation(PlannedRun run, double value) {
        return new Observation(
                run.spec().id().value(),
                run.spec().budget().flops(),
                run.spec().shape().params(),
                run.spec().tokensSeen(),
                value);
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}

package org.isofleet.metrics.live;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.isofleet.metrics.live.LiveEvent.CheckpointCommitted;
import org.isofleet.metrics.live.LiveEvent.EvaluationRecorded;
import org.isofleet.metrics.live.LiveEvent.Progress;
import org.isofleet.metrics.live.LiveEvent.RunChanged;
import org.isofleet.metrics.live.LiveEvent.RunState;
import org.isofleet.protocol.metric.EvaluationResult;
import org.isofleet.protocol.metric.StepMetrics;
import org.isofleet.protocol.study.EvaluationKind;
import org.jspecify.annotations.Nullable;

/**
 * What events told about one run. Taking an event twice, or late, changes nothing: the state is that of the latest change, a done
 * run stays done, and of two results for the same checkpoint the first one recorded stands.
 *
 * @param change the latest change of state, null before the first
 * @param restarts most that were ever told
 * @param step last step known
 * @param tokensPerSecond smoothed rate, 0 when it is not training
 * @param checkpoint the furthest one, if any
 * @param results the first recorded of every checkpoint, kind and protocol
 */
public record RunTrace(
        @Nullable RunChanged change,
        int restarts,
        long step,
        LossCurve curve,
        double tokensPerSecond,
        @Nullable CheckpointCommitted checkpoint,
        Map<ResultKey, EvaluationRecorded> results) {
    /** A run of which nothing was heard. */
    public static final RunTrace UNHEARD = new RunTrace(null, 0, 0, LossCurve.EMPTY, 0, null, Map.of());

    /** Events of one instant are ordered by generation and state, so that the order in which they arrive does not matter. */
    private static final Comparator<RunChanged> LATER = Comparator.comparing(
                    (RunChanged c) -> c.state() == RunState.DONE)
            .thenComparing(RunChanged::at)
            .thenComparing(RunChanged::generation)
            .thenComparing(RunChanged::state);

    private static final double SMOOTHING = 0.3;

    /** What makes two results the same measurement. */
    public record ResultKey(String checkpointDigest, EvaluationKind kind, String protocol) {
        static ResultKey of(EvaluationRecorded event) {
            return new ResultKey(
                    event.checkpointDigest(),
                    event.result().kind(),
                    event.result().protocol());
        }
    }

    public RunTrace {
        results = Map.copyOf(results);
    }

    RunTrace with(RunChanged event) {
        boolean later = change == null || LATER.compare(event, change) > 0;
        RunChanged latest = later ? event : change;
        double rate = latest != null && latest.state() == RunState.TRAINING ? tokensPerSecond : 0;
        return new RunTrace(latest, Math.max(restarts, event.restarts()), step, curve, rate, checkpoint, results);
    }

    RunTrace with(Progress event) {
        LossCurve grown = curve;
        long furthest = step;
        for (StepMetrics metrics : event.steps()) {
            grown = grown.with(metrics.step(), metrics.lossNatsPerPixel());
            furthest = Math.max(furthest, metrics.step());
        }
        double told = event.tokensPerSecond();
        double rate = tokensPerSecond == 0 ? told : (1 - SMOOTHING) * tokensPerSecond + SMOOTHING * told;
        return new RunTrace(
                change, restarts, furthest, grown, state() == RunState.TRAINING ? rate : 0, checkpoint, results);
    }

    RunTrace with(CheckpointCommitted event) {
        long reached = event.checkpoint().step();
        long known = checkpoint == null ? -1 : checkpoint.checkpoint().step();
        boolean further = reached > known || (reached == known && event.last()); // an ordinary one until then
        return new RunTrace(
                change,
                restarts,
                Math.max(step, reached),
                curve,
                tokensPerSecond,
                further ? event : checkpoint,
                results);
    }

    RunTrace with(EvaluationRecorded event) {
        ResultKey key = ResultKey.of(event);
        EvaluationRecorded known = results.get(key);
        if (known != null && !event.at().isBefore(known.at())) {
            return this;
        }
        Map<ResultKey, EvaluationRecorded> more = new LinkedHashMap<>(results);
        more.put(key, event);
        return new RunTrace(change, restarts, step, curve, tokensPerSecond, checkpoint, more);
    }

    /** The trace with a curve that was kept on disk, if it reaches further. */
    RunTrace with(LossCurve kept) {
        return kept.lastStep() <= curve.lastStep()
                ? this
                : new RunTrace(
                        change, restarts, Math.max(step, kept.lastStep()), kept, tokensPerSecond, checkpoint, results);
    }

    public RunState state() {
        return change == null ? RunState.WAITING : change.state();
    }

    public long generation() {
        return change == null ? 0 : change.generation();
    }

    public List<String> workers() {
        return change == null ? List.of() : change.workers();
    }

    /** Why it is in its state, where that needs saying. */
    public Optional<String> reason() {
        return Optional.ofNullable(change).map(RunChanged::reason);
    }

    /** When it came into its state. */
    public Instant since() {
        return change == null ? Instant.EPOCH : change.at();
    }

    /** The checkpoint that ends the training, once it is committed. */
    public Optional<CheckpointCommitted> lastCheckpoint() {
        return Optional.ofNullable(checkpoint).filter(CheckpointCommitted::last);
    }

    /** The result of a kind; of the last checkpoint if several were measured, then the first recorded. */
    public <R extends EvaluationResult> Optional<R> result(Class<R> kind) {
        String digest = checkpoint == null ? "" : checkpoint.checkpoint().digest();
        return results.values().stream()
                .filter(event -> kind.isInstance(event.result()))
                .min(Comparator.comparing((EvaluationRecorded event) ->
                                !event.checkpointDigest().equals(digest))
                        .thenComparing(EvaluationRecorded::at)
                        .thenComparing(event -> event.result().protocol()))
                .map(event -> kind.cast(event.result()));
    }

    /** Time from the last checkpoint to the end of its evaluation, once done. */
    Optional<Duration> evaluationTime() {
        return state() == RunState.DONE
                ? lastCheckpoint()
                        .map(last -> Duration.between(last.at(), since()))
                        .filter(time -> !time.isNegative())
                : Optional.empty();
    }
}

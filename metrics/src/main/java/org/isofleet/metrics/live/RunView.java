package org.isofleet.metrics.live;

import java.util.Optional;
import java.util.OptionalDouble;
import org.isofleet.metrics.live.LiveEvent.RunState;
import org.isofleet.protocol.metric.EvaluationResult;
import org.isofleet.protocol.metric.EvaluationResult.CompletionDistance;
import org.isofleet.protocol.metric.EvaluationResult.HeldOutLoss;
import org.isofleet.protocol.metric.EvaluationResult.LinearProbe;
import org.isofleet.protocol.study.PlannedRun;
import org.isofleet.protocol.study.RunId;
import org.isofleet.protocol.study.RunSpec;

/**
 * A run of the plan and what became of it.
 *
 * @param id its id
 * @param planned the cell of the grid
 * @param trace what was heard of it
 */
public record RunView(RunId id, PlannedRun planned, RunTrace trace) {
    public RunSpec spec() {
        return planned.spec();
    }

    /** N. */
    public double params() {
        return spec().shape().params();
    }

    /** D. */
    public double tokens() {
        return spec().tokensSeen();
    }

    public double budgetFlops() {
        return spec().budget().flops();
    }

    public int resolution() {
        return spec().shape().resolution();
    }

    public RunState state() {
        return trace.state();
    }

    /** Whether nothing more will come of it in this study. */
    public boolean ended() {
        return state() == RunState.DONE || state() == RunState.PARKED || state() == RunState.STOPPED;
    }

    /** Share of the steps done, 0 to 1. */
    public double trainedShare() {
        boolean trained = state() == RunState.DONE || trace.lastCheckpoint().isPresent();
        return trained ? 1 : Math.min(1, (double) trace.step() / spec().steps());
    }

    /** Held-out loss in nats a pixel. */
    public OptionalDouble loss() {
        return number(result(HeldOutLoss.class).map(HeldOutLoss::natsPerPixel));
    }

    /** Accuracy of the linear probe, 0 to 1, balanced or not as its protocol has it. */
    public OptionalDouble top1() {
        return number(result(LinearProbe.class).map(LinearProbe::top1));
    }

    /** Fréchet distance of completions. */
    public OptionalDouble frechetDistance() {
        return number(result(CompletionDistance.class).map(CompletionDistance::distance));
    }

    /** The metric of that name: {@code loss}, {@code top1} or {@code fd}. */
    public OptionalDouble metric(String name) {
        return switch (name) {
            case "loss" -> loss();
            case "top1" -> top1();
            case "fd" -> frechetDistance();
            default -> OptionalDouble.empty();
        };
    }

    /** How the metric of that name was measured. */
    public Optional<String> protocol(String name) {
        return switch (name) {
            case "loss" -> result(HeldOutLoss.class).map(HeldOutLoss::protocol);
            case "top1" -> result(LinearProbe.class).map(LinearProbe::protocol);
            case "fd" -> result(CompletionDistance.class).map(CompletionDistance::protocol);
            default -> Optional.empty();
        };
    }

    public <R extends EvaluationResult> Optional<R> result(Class<R> kind) {
        return trace.result(kind);
    }

    /** SHA-256 of the final parameters, once trained. */
    public Optional<String> digest() {
        return trace.lastCheckpoint().map(event -> event.checkpoint().digest());
    }

    /** Seconds in the step loop, as of the furthest checkpoint. */
    public double trainSeconds() {
        LiveEvent.CheckpointCommitted checkpoint = trace.checkpoint();
        return checkpoint == null ? 0 : checkpoint.trainSeconds();
    }

    private static OptionalDouble number(Optional<Double> value) {
        return value.isPresent() ? OptionalDouble.of(value.get()) : OptionalDouble.empty();
    }
}

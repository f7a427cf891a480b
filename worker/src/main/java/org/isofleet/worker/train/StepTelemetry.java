package org.isofleet.worker.train;

import java.util.ArrayList;
import java.util.List;
import org.isofleet.protocol.metric.StepMetrics;

/**
 * Collects the metrics of steps, which may last a millisecond, and hands them on a few times a second, thinned to at most
 * {@value #AT_ONCE} at a time. The rate is that of the time between two deliveries.
 */
final class StepTelemetry {
    /** Takes what was collected; tokens a second count the whole batch. */
    @FunctionalInterface
    interface Sink {
        void accept(List<StepMetrics> steps, double tokensPerSecond);
    }

    private static final long INTERVAL_NANOS = 250_000_000;
    private static final int AT_ONCE = 32;

    private final double tokensPerStep;
    private final Sink sink;
    private final List<StepMetrics> collected = new ArrayList<>();
    private double seconds;
    private long deliveredNanos;
    private volatile double tokensPerSecond;

    StepTelemetry(double tokensPerStep, Sink sink) {
        this.tokensPerStep = tokensPerStep;
        this.sink = sink;
        this.deliveredNanos = System.nanoTime();
    }

    void add(StepMetrics step) {
        collected.add(step);
        seconds += step.seconds();
        if (System.nanoTime() - deliveredNanos >= INTERVAL_NANOS) {
            deliver();
        }
    }

    /** Tokens of the whole batch a second, over the last delivery. */
    double tokensPerSecond() {
        return tokensPerSecond;
    }

    void deliver() {
        deliveredNanos = System.nanoTime();
        if (collected.isEmpty()) {
            return;
        }
        tokensPerSecond = seconds > 0 ? tokensPerStep * collected.size() / seconds : 0;
        sink.accept(thinned(), tokensPerSecond);
        collected.clear();
        seconds = 0;
    }

    /** Evenly spread, the last one always among them. */
    private List<StepMetrics> thinned() {
        int stride = (collected.size() + AT_ONCE - 1) / AT_ONCE;
        List<StepMetrics> kept = new ArrayList<>();
        for (int i = (collected.size() - 1) % stride; i < collected.size(); i += stride) {
            kept.add(collected.get(i));
        }
        return kept;
    }
}

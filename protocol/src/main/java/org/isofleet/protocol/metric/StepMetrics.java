package org.isofleet.protocol.metric;

/**
 * What one optimizer step showed. Telemetry: it may be lost and is never journaled.
 *
 * @param step number of the step, from 1
 * @param lossNatsPerPixel mean loss of the step's batch
 * @param gradientNorm global norm of the mean gradient before clipping
 * @param learningRate rate that the step used
 * @param seconds wall time of the step
 */
public record StepMetrics(
        long step, double lossNatsPerPixel, double gradientNorm, double learningRate, double seconds) {}

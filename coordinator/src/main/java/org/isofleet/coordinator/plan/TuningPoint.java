package org.isofleet.coordinator.plan;

import org.isofleet.protocol.study.ModelSize;

/**
 * A cell that a tuning trained.
 *
 * @param params N
 * @param batch images of a step
 * @param loss on the validation images, nats a pixel; infinite when training diverged
 * @param seconds that training took
 */
public record TuningPoint(
        ModelSize size,
        double params,
        int batch,
        double beta2,
        double learningRate,
        long steps,
        double loss,
        double seconds) {}

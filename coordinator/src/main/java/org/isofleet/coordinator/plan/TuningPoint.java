package org.isofleet.coordinator.plan;

import org.isofleet.protocol.study.ModelSize;

/**
 * A cell that a tuning trained.
 *
 * @param params N
 * @param batch images of a step
 * @param seed of initialisation and sample order
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
        long seed,
        double loss,
        double seconds) {}

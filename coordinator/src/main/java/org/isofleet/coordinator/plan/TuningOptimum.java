package org.isofleet.coordinator.plan;

import org.isofleet.protocol.study.ModelSize;

/**
 * The best learning rate of one size, batch and beta2.
 *
 * @param learningRate of the vertex; of the lowest point when refused
 * @param loss at {@code learningRate}, nats a pixel
 * @param used whether the rule rests on it
 * @param reason why not; empty when it does
 */
public record TuningOptimum(
        ModelSize size,
        double params,
        int batch,
        double beta2,
        double learningRate,
        double loss,
        boolean used,
        String reason) {
    static TuningOptimum of(TuningPoint lowest, double learningRate, double loss) {
        return new TuningOptimum(
                lowest.size(), lowest.params(), lowest.batch(), lowest.beta2(), learningRate, loss, true, "");
    }

    static TuningOptimum refused(TuningPoint lowest, String reason) {
        return new TuningOptimum(
                lowest.size(),
                lowest.params(),
                lowest.batch(),
                lowest.beta2(),
                lowest.learningRate(),
                lowest.loss(),
                false,
                reason);
    }

    TuningOptimum setAside(String why) {
        return new TuningOptimum(size, params, batch, beta2, learningRate, loss, false, why);
    }
}

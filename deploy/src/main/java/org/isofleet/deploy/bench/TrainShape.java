package org.isofleet.deploy.bench;

import java.util.List;
import org.isofleet.protocol.study.InvalidSpecException;
import org.isofleet.protocol.study.ModelShape;

/**
 * A shape of the training benchmark.
 *
 * @param name XS to L
 * @param batch images a step
 * @param model the model: three channels, 256 levels
 */
record TrainShape(String name, int batch, ModelShape model) {
    static final List<TrainShape> ALL = List.of(
            new TrainShape("XS", 8, ModelShape.of(16, 3, 256, 2, 32, 2)),
            new TrainShape("S", 8, ModelShape.of(16, 3, 256, 3, 64, 2)),
            new TrainShape("M", 4, ModelShape.of(16, 3, 256, 4, 128, 4)),
            new TrainShape("L", 2, ModelShape.of(32, 3, 256, 6, 256, 4)));

    static TrainShape named(String name) {
        return ALL.stream()
                .filter(shape -> shape.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new InvalidSpecException("no benchmark shape '" + name + "': XS, S, M or L"));
    }

    int tokensPerStep() {
        return batch * model.tokens();
    }
}

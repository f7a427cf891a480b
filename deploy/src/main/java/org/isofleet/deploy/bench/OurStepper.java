package org.isofleet.deploy.bench;

import org.isofleet.protocol.study.EngineChoice;
import org.isofleet.worker.node.LocalEngines;
import org.isofleet.worker.train.SoloTraining;

/** The same steps by a worker's own step loop, alone in its process: virtual shards, tree sum, clipping, AdamW, hashes. */
final class OurStepper {
    private OurStepper() {}

    public static void main(String[] arguments) throws Exception {
        TrainShape shape = TrainShape.named(arguments[0]);
        int threads = Integer.parseInt(arguments[1]);
        EngineChoice engine = new EngineChoice(arguments[2], arguments[3]);
        try (SoloTraining training = new SoloTraining(
                BenchRun.spec(shape, 1, 1_000_000), LocalEngines.of(engine), BenchRun.images(shape), threads)) {
            StepOrders.serve("Isofleet " + engine, training::step);
        }
    }
}

package org.isofleet.deploy.bench;

import org.isofleet.worker.dl4j.Dl4jEngine;
import org.isofleet.worker.train.SoloTraining;

/** The same steps by a worker's own step loop, alone in its process: virtual shards, tree sum, clipping, AdamW, hashes. */
final class OurStepper {
    private OurStepper() {}

    public static void main(String[] arguments) throws Exception {
        TrainShape shape = TrainShape.named(arguments[0]);
        int threads = Integer.parseInt(arguments[1]);
        try (SoloTraining training = new SoloTraining(
                BenchRun.spec(shape, 1, 1_000_000), Dl4jEngine.factory(), BenchRun.images(shape), threads)) {
            StepOrders.serve("Isofleet dl4j", training::step);
        }
    }
}

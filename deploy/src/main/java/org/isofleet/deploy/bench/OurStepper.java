package org.isofleet.deploy.bench;

import java.util.List;
import java.util.Map;
import java.util.Random;
import org.isofleet.protocol.study.Budget;
import org.isofleet.protocol.study.ImageSetRef;
import org.isofleet.protocol.study.OptimizerSpec;
import org.isofleet.protocol.study.RunSpec;
import org.isofleet.protocol.study.ScheduleSpec;
import org.isofleet.worker.data.HeapImages;
import org.isofleet.worker.data.ImageSet.Split;
import org.isofleet.worker.dl4j.Dl4jEngine;
import org.isofleet.worker.train.SoloTraining;

/** The same steps by a worker's own step loop, alone in its process: two or more virtual shards, tree sum, clipping, AdamW, hashes. */
final class OurStepper {
    private static final int IMAGES = 512;

    private OurStepper() {}

    public static void main(String[] arguments) throws Exception {
        TrainShape shape = TrainShape.named(arguments[0]);
        int threads = Integer.parseInt(arguments[1]);
        byte[] values = new byte[IMAGES * shape.model().channels() * shape.model().tokens()];
        new Random(1).nextBytes(values);
        HeapImages images = new HeapImages(
                shape.model().resolution(),
                shape.model().channels(),
                shape.model().levels(),
                List.of("any"),
                Map.of(Split.TRAIN, new HeapImages.Content(values, new int[IMAGES])));
        try (SoloTraining training = new SoloTraining(spec(shape), Dl4jEngine.factory(), images, threads)) {
            StepOrders.serve("Isofleet dl4j", training::step);
        }
    }

    /** The planner's virtual shards: as many as images, up to eight. */
    private static RunSpec spec(TrainShape shape) {
        long steps = 1_000_000;
        return new RunSpec(
                shape.model(),
                new ImageSetRef("random", "0".repeat(64), IMAGES),
                new Budget(shape.model().flops6nPerToken() * shape.tokensPerStep() * steps),
                steps,
                shape.batch(),
                Math.min(8, Integer.highestOneBit(shape.batch())),
                OptimizerSpec.of(1e-3, 0.95),
                ScheduleSpec.cosine(1, 0.1),
                "dl4j",
                "fp32",
                1,
                steps,
                true);
    }
}

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
import org.isofleet.worker.data.ImageSet;
import org.isofleet.worker.data.ImageSet.Split;

/** The run that benchmarks train: random images, the planner's virtual shards. */
final class BenchRun {
    private static final int IMAGES = 512;

    private BenchRun() {}

    /** Without a checkpoint before the end. */
    static RunSpec spec(TrainShape shape, long seed, long steps) {
        return spec(shape, seed, steps, steps);
    }

    static RunSpec spec(TrainShape shape, long seed, long steps, long checkpointEvery) {
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
                seed,
                checkpointEvery,
                true);
    }

    static ImageSet images(TrainShape shape) {
        byte[] values =
                new byte[IMAGES * shape.model().channels() * shape.model().tokens()];
        new Random(1).nextBytes(values);
        return new HeapImages(
                shape.model().resolution(),
                shape.model().channels(),
                shape.model().levels(),
                List.of("any"),
                Map.of(Split.TRAIN, new HeapImages.Content(values, new int[IMAGES])));
    }
}

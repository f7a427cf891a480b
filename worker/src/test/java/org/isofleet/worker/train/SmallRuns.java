package org.isofleet.worker.train;

import java.util.List;
import java.util.Map;
import java.util.Random;
import org.isofleet.protocol.study.Budget;
import org.isofleet.protocol.study.ImageSetRef;
import org.isofleet.protocol.study.ModelShape;
import org.isofleet.protocol.study.OptimizerSpec;
import org.isofleet.protocol.study.RunSpec;
import org.isofleet.protocol.study.ScheduleSpec;
import org.isofleet.worker.data.HeapImages;
import org.isofleet.worker.data.ImageSet.Split;

/** Runs of a second or less. */
public final class SmallRuns {
    public static final int IMAGES = 50;

    /** About 9k parameters, three blocks of the state hash. */
    public static final ModelShape SHAPE = ModelShape.of(4, 3, 16, 1, 32, 2);

    private SmallRuns() {}

    public static HeapImages images() {
        Random random = new Random(7);
        byte[] values = new byte[IMAGES * 3 * 16];
        for (int i = 0; i < values.length; i++) {
            values[i] = (byte) (i % 16 == 0 ? random.nextInt(16) : (values[i - 1] + random.nextInt(3)) % 16);
        }
        return new HeapImages(
                4, 3, 16, List.of("all"), Map.of(Split.TRAIN, new HeapImages.Content(values, new int[IMAGES])));
    }

    public static RunSpec spec(long steps, int virtualShards) {
        return spec(steps, virtualShards, 0.01, 1);
    }

    public static RunSpec spec(long steps, int virtualShards, double learningRate, long seed) {
        return new RunSpec(
                SHAPE,
                new ImageSetRef("heap:", images().sha256(), IMAGES),
                new Budget(1e9),
                steps,
                16,
                virtualShards,
                OptimizerSpec.of(learningRate, 0.95),
                ScheduleSpec.cosine(Math.min(2, steps - 1), 0.1),
                "dl4j",
                "fp32",
                seed,
                10,
                true);
    }
}

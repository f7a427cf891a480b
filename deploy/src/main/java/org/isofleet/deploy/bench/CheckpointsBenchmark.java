package org.isofleet.deploy.bench;

import static org.isofleet.deploy.bench.BenchAnswer.median;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * What checkpoints cost the steps of a group of two workers, one on each core, so that nobody has a core to spare for copying, digesting and
 * writing: the same steps with checkpoints and without, by turns. Checkpoints come far more often than in a study, since at a study's
 * distance what they cost is lost in the noise; what one of them cost is then told at the default distance.
 */
final class CheckpointsBenchmark {
    private static final int STEPS = 100;
    private static final int EVERY = 10;

    /** The last step's is no part of the steps. */
    private static final int CHECKPOINTS = STEPS / EVERY - 1;

    /** Steps between two of a study that does not say otherwise. */
    private static final int DEFAULT_DISTANCE = 1_000;

    private static final int WARM_UP_TURNS = 4;

    private final int rounds;
    private final Consumer<String> progress;

    CheckpointsBenchmark(int rounds, Consumer<String> progress) {
        this.rounds = rounds;
        this.progress = progress;
    }

    BenchAnswer run(List<TrainShape> shapes) throws IOException {
        List<BenchAnswer.Case> rows = new ArrayList<>();
        for (TrainShape shape : shapes) {
            rows.add(run(shape));
        }
        return new BenchAnswer("bench/1", "checkpoints", rows, Machine.describe(), Map.of("ours", "dl4j"));
    }

    private BenchAnswer.Case run(TrainShape shape) throws IOException {
        try (BenchGroup workers = new BenchGroup(shape, 2)) {
            for (int i = 0; i < WARM_UP_TURNS; i++) {
                workers.together(STEPS, EVERY);
            }
            List<Double> ratios = new ArrayList<>();
            List<Double> with = new ArrayList<>();
            List<Double> without = new ArrayList<>();
            for (int round = 0; round < rounds; round++) {
                double bare = workers.together(STEPS, STEPS).mean();
                double dense = workers.together(STEPS, EVERY).mean();
                double ofOne = (dense - bare) * STEPS / CHECKPOINTS;
                double sparse = bare + ofOne / DEFAULT_DISTANCE;
                progress.accept("%s: a checkpoint cost %.2f ms, a step takes %.2f ms"
                        .formatted(shape.name(), 1e3 * ofOne, 1e3 * bare));
                ratios.add(bare / sparse);
                with.add(1e3 * sparse);
                without.add(1e3 * bare);
            }
            return new BenchAnswer.Case(
                    shape.name() + " x 2 workers",
                    BenchAnswer.Ratio.of(ratios),
                    median(with),
                    median(without),
                    "ms/step",
                    "the same without checkpoints; ours with one every " + DEFAULT_DISTANCE
                            + " steps, of which each costs what it did every " + EVERY,
                    null,
                    null,
                    null,
                    null);
        }
    }
}

package org.isofleet.coordinator.plan;

import org.isofleet.protocol.study.Budget;
import org.isofleet.protocol.study.ImageSetRef;
import org.isofleet.protocol.study.ModelShape;
import org.isofleet.protocol.study.RunSpec;
import org.isofleet.protocol.study.StudySpec;

/** The run of a cell whose budget, shape, batch and rate are known: what a grid and a tuning have in common. */
final class CellSpecs {
    private static final int MOST_AUTO_SHARDS_DL4J = 32;
    private static final int MOST_AUTO_SHARDS_TORCH = 8;

    private CellSpecs() {}

    /** Whole steps of a budget: 6 N D differs from it by at most half a step. */
    static long steps(Budget budget, ModelShape shape, int batch) {
        return Math.round(budget.tokensFor(shape) / ((double) batch * shape.tokens()));
    }

    static int virtualShards(StudySpec study, int batch) {
        if (study.virtualShards() != StudySpec.AUTO_SHARDS) {
            return study.virtualShards();
        }
        return Math.min(mostAutoShards(study), Integer.lowestOneBit(batch));
    }

    static int mostAutoShards(StudySpec study) {
        return study.engine().equals("torch") ? MOST_AUTO_SHARDS_TORCH : MOST_AUTO_SHARDS_DL4J;
    }

    static RunSpec spec(
            StudySpec study,
            ImageSetRef images,
            Budget budget,
            ModelShape shape,
            int batch,
            long seed,
            double learningRate,
            double beta2) {
        long steps = steps(budget, shape, batch);
        return new RunSpec(
                shape,
                images,
                budget,
                steps,
                batch,
                virtualShards(study, batch),
                study.optimizer().with(learningRate, beta2),
                study.schedule().schedule((double) shape.params(), steps, (long) batch * shape.tokens()),
                study.engine(),
                study.precision(),
                seed,
                study.checkpointEvery(),
                study.exact());
    }
}

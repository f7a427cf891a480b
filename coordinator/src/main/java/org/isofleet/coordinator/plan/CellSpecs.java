package org.isofleet.coordinator.plan;

import org.isofleet.protocol.study.Budget;
import org.isofleet.protocol.study.ImageSetRef;
import org.isofleet.protocol.study.ModelShape;
import org.isofleet.protocol.study.RunSpec;
import org.isofleet.protocol.study.StudySpec;

/** The run of a cell whose budget, shape, batch and rate are known: what a grid and a tuning have in common. */
final class CellSpecs {
    private static final int MOST_AUTO_SHARDS_DL4J = 32;

    /** A shard of torch goes through the model at once: enough of it for a GPU to be busy, and its activations in the memory of one. */
    private static final int AUTO_SHARDS_TORCH = 8;

    private static final int MOST_AUTO_SHARD_TOKENS_TORCH = 8192;

    private CellSpecs() {}

    /** Whole steps of a budget: 6 N D differs from it by at most half a step. */
    static long steps(Budget budget, ModelShape shape, int batch) {
        return Math.round(budget.tokensFor(shape) / ((double) batch * shape.tokens()));
    }

    static int virtualShards(StudySpec study, ModelShape shape, int batch) {
        if (study.virtualShards() != StudySpec.AUTO_SHARDS) {
            return study.virtualShards();
        }
        int parts = Integer.lowestOneBit(batch);
        if (!study.engine().equals("torch")) {
            return Math.min(MOST_AUTO_SHARDS_DL4J, parts);
        }
        int shards = Math.min(AUTO_SHARDS_TORCH, parts);
        while (shards < parts && (long) batch / shards * shape.tokens() > MOST_AUTO_SHARD_TOKENS_TORCH) {
            shards *= 2;
        }
        return shards;
    }

    /** What {@link #virtualShards} chooses, in words. */
    static String autoShards(StudySpec study) {
        return study.engine().equals("torch")
                ? "%d, or more where a shard had over %d tokens, and a power of two that divides the batch"
                        .formatted(AUTO_SHARDS_TORCH, MOST_AUTO_SHARD_TOKENS_TORCH)
                : "the largest power of two that divides the batch, at most " + MOST_AUTO_SHARDS_DL4J;
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
                virtualShards(study, shape, batch),
                study.optimizer().with(learningRate, beta2),
                study.schedule().schedule((double) shape.params(), steps, (long) batch * shape.tokens()),
                study.engine(),
                study.precision(),
                seed,
                study.checkpointEvery(),
                study.exact());
    }
}

package org.isofleet.protocol.study;

import static org.isofleet.protocol.study.Requirement.require;
import static org.isofleet.protocol.study.Requirement.requireWithin;

import java.util.Collections;
import java.util.Map;
import java.util.WeakHashMap;

/**
 * One cell of the grid: everything that the final parameters of a run depend on, apart from the kernel class. Its content
 * hash is the run's id, so the same study file and images give the same ids.
 *
 * @param shape the model
 * @param images what it is trained on
 * @param budget the budget of the grid that this cell belongs to
 * @param steps optimizer steps
 * @param batch images a step, a multiple of {@code virtualShards}
 * @param virtualShards V: parts into which every batch is cut, a power of two; bounds the workers of a group
 * @param optimizer AdamW's settings
 * @param schedule the learning rate over the steps
 * @param engine {@code dl4j} or {@code torch}
 * @param precision {@code fp32} or {@code bf16} (products in bf16, sums and master weights in fp32)
 * @param seed of initialisation and sample order
 * @param checkpointEvery steps between scheduled checkpoints; one more is written at the end
 * @param exact whether groups are kept within one kernel class, and the promise of equal bits with it
 */
public record RunSpec(
        ModelShape shape,
        ImageSetRef images,
        Budget budget,
        long steps,
        int batch,
        int virtualShards,
        OptimizerSpec optimizer,
        ScheduleSpec schedule,
        String engine,
        String precision,
        long seed,
        long checkpointEvery,
        boolean exact) {
    /** Every decision about a run asks for its id, dozens of times; the digest takes longer than the rest of the decision. */
    private static final Map<RunSpec, RunId> IDS = Collections.synchronizedMap(new WeakHashMap<>());

    public RunSpec {
        require(steps >= 1, "a run needs at least one step");
        require(
                virtualShards >= 1 && Integer.bitCount(virtualShards) == 1,
                "virtual shards must be a power of two, not %d",
                virtualShards);
        require(
                batch >= virtualShards && batch % virtualShards == 0,
                "batch %d must be a multiple of %d virtual shards",
                batch,
                virtualShards);
        require(schedule.warmupSteps() < steps, "warm-up of %d steps leaves none of %d", schedule.warmupSteps(), steps);
        require(engine.equals("dl4j") || engine.equals("torch"), "engine must be dl4j or torch, not '%s'", engine);
        require(
                precision.equals("fp32") || precision.equals("bf16"),
                "precision must be fp32 or bf16, not '%s'",
                precision);
        require(checkpointEvery >= 1, "checkpoints must be at least one step apart");
        requireWithin(epochs(steps, batch, images), 0, 1e6, "epochs");
    }

    private static double epochs(long steps, int batch, ImageSetRef images) {
        return (double) steps * batch / images.trainImages();
    }

    /** The content hash of everything above, but for where a folder of packed images lies: a study that is moved keeps its runs. */
    public RunId id() {
        return IDS.computeIfAbsent(
                this, spec -> new RunId(CanonicalText.sha256(spec.wherever()).substring(0, 16)));
    }

    private RunSpec wherever() {
        return new RunSpec(
                shape,
                images.wherever(),
                budget,
                steps,
                batch,
                virtualShards,
                optimizer,
                schedule,
                engine,
                precision,
                seed,
                checkpointEvery,
                exact);
    }

    /** Images seen over the whole run. */
    public long imagesSeen() {
        return steps * batch;
    }

    /** D: tokens seen over the whole run. */
    public long tokensSeen() {
        return imagesSeen() * shape.tokens();
    }

    /** Passes over the training images. */
    public double epochs() {
        return epochs(steps, batch, images);
    }

    /** Images of one virtual shard. */
    public int shardImages() {
        return batch / virtualShards;
    }

    /** FLOPs of the run as 6 N D. */
    public double flops6nd() {
        return shape.flops6nPerToken() * tokensSeen();
    }

    /** FLOPs of the run with attention counted. */
    public double exactFlops() {
        return shape.exactFlopsPerToken() * tokensSeen();
    }
}

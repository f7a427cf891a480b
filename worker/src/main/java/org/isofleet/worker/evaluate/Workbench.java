package org.isofleet.worker.evaluate;

import org.isofleet.worker.checkpoint.CheckpointRoutes;
import org.isofleet.worker.data.ImageSets;
import org.isofleet.worker.engine.EngineFactory;

/**
 * What evaluators of a worker share.
 *
 * @param engines make the engine that a checkpoint is loaded into
 * @param imageSets open the run's images
 * @param lanes threads that an evaluation may use
 * @param routes to checkpoints
 */
public record Workbench(EngineFactory engines, ImageSets imageSets, int lanes, CheckpointRoutes routes) {
    public Workbench {
        if (lanes < 1) {
            throw new IllegalArgumentException("lanes " + lanes);
        }
    }
}

package org.isofleet.worker.evaluate;

import org.isofleet.worker.data.ImageSets;
import org.isofleet.worker.engine.EngineFactory;

/**
 * What evaluators of a worker share.
 *
 * @param engines make the engine that a checkpoint is loaded into
 * @param imageSets open the run's images
 * @param lanes threads that an evaluation may use
 */
public record Workbench(EngineFactory engines, ImageSets imageSets, int lanes) {
    public Workbench {
        if (lanes < 1) {
            throw new IllegalArgumentException("lanes " + lanes);
        }
    }
}

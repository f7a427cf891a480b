package org.isofleet.worker.node;

import java.util.List;
import org.isofleet.protocol.bulk.BulkCredentials;
import org.isofleet.worker.checkpoint.CheckpointRoutes;
import org.isofleet.worker.data.ImageSets;
import org.isofleet.worker.data.PackedImageSets;
import org.isofleet.worker.dl4j.Dl4jEngine;
import org.isofleet.worker.engine.EngineFactory;
import org.isofleet.worker.evaluate.Evaluators;
import org.isofleet.worker.evaluate.FeatureNetwork;
import org.isofleet.worker.evaluate.Workbench;
import org.isofleet.worker.train.LocalTrainingHost;

/** What a worker of this machine computes with: the engines that are built in, the images in the user's cache. */
public final class LocalParts {
    private static final String PRECISION = "fp32";

    private LocalParts() {}

    static WorkerParts of(WorkerSettings settings) {
        return of(settings, Dl4jEngine.factory());
    }

    /** With these engines. */
    public static WorkerParts of(WorkerSettings settings, EngineFactory engines) {
        ImageSets images = PackedImageSets.inUserCache();
        BulkCredentials credentials = settings.credentials();
        CheckpointRoutes routes = new CheckpointRoutes(settings.workerId(), credentials);
        return new WorkerParts(
                ProcessMemory.processor(),
                List.of(KernelProbe.find(engines, PRECISION)),
                (worker, incarnation, listener) -> new LocalTrainingHost(
                        worker.workerId(),
                        incarnation,
                        worker.host(),
                        worker.bulkPort(),
                        credentials,
                        engines,
                        images,
                        worker.threads(),
                        listener,
                        routes),
                Evaluators.on(new Workbench(engines, images, settings.threads(), routes), FeatureNetwork.embedded()));
    }
}

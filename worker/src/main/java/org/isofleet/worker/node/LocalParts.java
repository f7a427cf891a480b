package org.isofleet.worker.node;

import java.util.List;
import org.isofleet.protocol.bulk.BulkCredentials;
import org.isofleet.protocol.study.EngineChoice;
import org.isofleet.worker.checkpoint.CheckpointRoutes;
import org.isofleet.worker.data.ImageSets;
import org.isofleet.worker.data.PackedImageSets;
import org.isofleet.worker.engine.EngineFactory;
import org.isofleet.worker.evaluate.Evaluators;
import org.isofleet.worker.evaluate.FeatureNetwork;
import org.isofleet.worker.evaluate.Workbench;
import org.isofleet.worker.train.LocalTrainingHost;

/** What a worker of this machine computes with: the engines that are built in, the images in the user's cache. */
public final class LocalParts {
    private LocalParts() {}

    /** With an engine that is built in. */
    public static WorkerParts of(WorkerSettings settings, EngineChoice choice) {
        return of(settings, choice, LocalEngines.of(choice));
    }

    /** With these engines, which are of that kind. */
    public static WorkerParts of(WorkerSettings settings, EngineChoice choice, EngineFactory engines) {
        ImageSets images = PackedImageSets.inUserCache();
        BulkCredentials credentials = settings.credentials();
        CheckpointRoutes routes = new CheckpointRoutes(settings.workerId(), credentials);
        return new WorkerParts(
                ProcessMemory.processor(),
                List.of(KernelProbe.find(engines, choice.precision())),
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

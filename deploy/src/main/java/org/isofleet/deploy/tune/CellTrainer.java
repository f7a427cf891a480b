package org.isofleet.deploy.tune;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.stream.Stream;
import org.isofleet.coordinator.plan.TuningCells;
import org.isofleet.coordinator.plan.TuningPoint;
import org.isofleet.protocol.group.CheckpointRef;
import org.isofleet.protocol.group.GroupPlan;
import org.isofleet.protocol.group.Member;
import org.isofleet.protocol.group.RunReport;
import org.isofleet.protocol.group.StartPoint;
import org.isofleet.protocol.metric.StepMetrics;
import org.isofleet.protocol.study.RunId;
import org.isofleet.protocol.study.RunSpec;
import org.isofleet.worker.checkpoint.CheckpointStore;
import org.isofleet.worker.data.ImageSet;
import org.isofleet.worker.data.ImageSet.Split;
import org.isofleet.worker.data.ImageSets;
import org.isofleet.worker.engine.EngineFactory;
import org.isofleet.worker.engine.PixelBatch;
import org.isofleet.worker.engine.PixelEngine;
import org.isofleet.worker.train.LocalTrainingHost;
import org.isofleet.worker.train.TrainingListener;

/**
 * A worker of one thread inside this process, which trains one cell after the other, each to its end, and measures it on the validation
 * images: those of the test are for results, and a tuning must not have seen them.
 */
final class CellTrainer implements AutoCloseable {
    private static final int CHUNK = 8;
    private static final byte[] NO_PEERS = new byte[32];

    private final String name;
    private final EngineFactory engines;
    private final ImageSets imageSets;
    private final int heldOutImages;
    private final Path folder;
    private final BlockingQueue<RunReport> reports = new LinkedBlockingQueue<>();
    private final LocalTrainingHost host;

    CellTrainer(String name, EngineFactory engines, ImageSets imageSets, int heldOutImages, Path folder)
            throws IOException {
        this.name = name;
        this.engines = engines;
        this.imageSets = imageSets;
        this.heldOutImages = heldOutImages;
        this.folder = folder;
        this.host = new LocalTrainingHost(name, 1, "127.0.0.1", NO_PEERS, engines, imageSets, 1, new Reports());
    }

    /** What the host tells; steps are of no interest here. */
    private final class Reports implements TrainingListener {
        @Override
        public void report(RunReport report) {
            reports.add(report);
        }

        @Override
        public void steps(RunId runId, long generation, List<StepMetrics> steps, double tokensPerSecond) {}
    }

    /**
     * Trains a cell and measures its loss.
     *
     * @return its point; the loss is infinite when training diverged
     * @throws IOException when it failed for another reason; the message is one line
     */
    TuningPoint train(TuningCells.Cell cell) throws IOException, InterruptedException {
        RunSpec spec = cell.spec();
        Member alone = new Member(name, 1, host.bulkAddress());
        host.prepare(new GroupPlan(spec, 1, List.of(alone), folder.toString()));
        host.start(spec.id(), 1, new StartPoint.Fresh());
        long begin = System.nanoTime();
        try {
            CheckpointRef checkpoint = finished(spec);
            double seconds = (System.nanoTime() - begin) * 1e-9;
            return cell.point(checkpoint == null ? Double.POSITIVE_INFINITY : loss(spec, checkpoint), seconds);
        } finally {
            host.release(spec.id(), 1);
            delete(folder);
        }
    }

    /** Waits for the end of a run; null when it diverged. */
    private @org.jspecify.annotations.Nullable CheckpointRef finished(RunSpec spec)
            throws IOException, InterruptedException {
        while (true) {
            RunReport report = reports.take();
            if (!report.runId().equals(spec.id())) {
                continue;
            }
            if (report instanceof RunReport.TrainingFinished done) {
                return done.checkpoint();
            }
            if (report instanceof RunReport.TrainingFailed failed) {
                if (failed.diverged()) {
                    return null;
                }
                throw new IOException("cell " + spec.id() + ": " + failed.reason());
            }
            if (report instanceof RunReport.CheckpointFailed failed && failed.step() == spec.steps()) {
                throw new IOException("cell " + spec.id() + ": " + failed.reason());
            }
        }
    }

    private double loss(RunSpec spec, CheckpointRef reference) throws IOException {
        try (ImageSet images = imageSets.open(spec.images(), spec.shape());
                PixelEngine engine = engines.create(spec.shape(), 1, CHUNK)) {
            new CheckpointStore(folder).open(reference).loadParameters(engine.parameters());
            engine.parametersChanged();
            double loss = meanLoss(engine, images);
            return Double.isFinite(loss) ? loss : Double.POSITIVE_INFINITY;
        }
    }

    /** Nats a pixel over validation images, evenly spread when fewer are wanted than there are. */
    private double meanLoss(PixelEngine engine, ImageSet images) throws IOException {
        long all = images.count(Split.VALIDATION);
        long count = heldOutImages == 0 ? all : Math.min(all, heldOutImages);
        if (count == 0) {
            throw new IOException("the images have no validation split to tune on; pack them with one");
        }
        int tokens = images.resolution() * images.resolution();
        int length = images.channels() * tokens;
        double sum = 0;
        for (long from = 0; from < count; from += CHUNK) {
            int chunk = (int) Math.min(CHUNK, count - from);
            byte[] values = new byte[chunk * length];
            for (int i = 0; i < chunk; i++) {
                images.read(Split.VALIDATION, (from + i) * all / count, values, i * length);
            }
            for (double loss : engine.losses(0, new PixelBatch(chunk, images.channels(), tokens, values))) {
                sum += loss;
            }
        }
        return sum / ((double) count * tokens);
    }

    /** Checkpoints are of no use once they are measured. */
    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                if (!file.equals(folder)) {
                    Files.delete(file);
                }
            }
        }
    }

    @Override
    public void close() {
        host.close();
    }
}

package org.isofleet.worker.evaluate;

import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import org.isofleet.protocol.group.WorkerCommand;
import org.isofleet.protocol.study.ModelShape;
import org.isofleet.worker.checkpoint.Checkpoint;
import org.isofleet.worker.data.ImageSet;
import org.isofleet.worker.engine.PixelEngine;

/** What an evaluation works on: the checkpoint in an engine, the run's images, and threads. */
final class Subject implements AutoCloseable {
    /** Images given to an engine at once. */
    static final int CHUNK = 8;

    private final WorkerCommand.Evaluate task;
    private final ImageSet images;
    private final PixelEngine engine;
    private final LanePool pool;

    private Subject(WorkerCommand.Evaluate task, ImageSet images, PixelEngine engine, LanePool pool) {
        this.task = task;
        this.images = images;
        this.engine = engine;
        this.pool = pool;
    }

    /**
     * Opens images and checkpoint.
     *
     * @throws IOException when one of them cannot be read; the message is one line
     * @throws InterruptedException when the thread was interrupted
     */
    static Subject open(WorkerCommand.Evaluate task, Workbench workbench) throws IOException, InterruptedException {
        try {
            return load(task, workbench);
        } catch (ClosedByInterruptException e) { // how files say it
            Thread.interrupted();
            throw new InterruptedException(
                    "interrupted while reading " + task.checkpoint().folder());
        }
    }

    private static Subject load(WorkerCommand.Evaluate task, Workbench workbench) throws IOException {
        ModelShape shape = task.spec().shape();
        ImageSet images = workbench.imageSets().open(task.spec().images(), shape);
        PixelEngine engine;
        try {
            engine = workbench.engines().create(shape, workbench.lanes(), CHUNK);
        } catch (RuntimeException | Error e) {
            images.close();
            throw e;
        }
        Subject subject = new Subject(task, images, engine, new LanePool(workbench.lanes()));
        try {
            workbench.routes().to(task.checkpointStore()).read(task.checkpoint(), subject::load);
        } catch (IOException | RuntimeException | Error e) {
            subject.close();
            throw e;
        }
        return subject;
    }

    private void load(Checkpoint checkpoint) throws IOException {
        if (!checkpoint.manifest().spec().shape().equals(shape())) {
            throw new IOException(checkpoint.folder() + " holds a model of another shape; name a checkpoint of run "
                    + task.spec().id().value());
        }
        checkpoint.loadParameters(engine.parameters());
        engine.parametersChanged();
    }

    WorkerCommand.Evaluate task() {
        return task;
    }

    ModelShape shape() {
        return task.spec().shape();
    }

    ImageSet images() {
        return images;
    }

    PixelEngine engine() {
        return engine;
    }

    LanePool pool() {
        return pool;
    }

    /**
     * A split, or part of it.
     *
     * @throws IOException when it is empty
     */
    ImageSample sample(ImageSet.Split split, int atMost) throws IOException {
        ImageSample sample = new ImageSample(images, split, atMost);
        if (sample.count() == 0) {
            throw new IOException(task.spec().images().location() + " has no images in its "
                    + split.name().toLowerCase(java.util.Locale.ROOT) + " split; pack it with one");
        }
        return sample;
    }

    /** The images as part of a protocol's text. */
    String imageText() {
        ModelShape shape = shape();
        return "%s:%s at %d, %d channels of %d levels"
                .formatted(
                        task.spec().images().location(),
                        task.spec().images().sha256().substring(0, 12),
                        shape.resolution(),
                        shape.channels(),
                        shape.levels());
    }

    @Override
    public void close() {
        pool.close();
        engine.close();
        images.close();
    }
}

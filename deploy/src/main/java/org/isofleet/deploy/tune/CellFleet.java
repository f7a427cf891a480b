package org.isofleet.deploy.tune;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionService;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.isofleet.coordinator.plan.TuningCells;
import org.isofleet.coordinator.plan.TuningPoint;
import org.isofleet.worker.data.ImageSets;
import org.isofleet.worker.engine.EngineFactory;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Several {@link CellTrainer}s that take cells as they come free; points come back in the order of the cells. */
public final class CellFleet implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(CellFleet.class);

    private final List<CellTrainer> trainers = new ArrayList<>();
    private final ExecutorService threads;

    /**
     * Starts the trainers.
     *
     * @param folder where checkpoints lie for as long as they are needed
     */
    public CellFleet(int size, EngineFactory engines, ImageSets imageSets, int heldOutImages, Path folder)
            throws IOException {
        for (int i = 0; i < size; i++) {
            String name = "tuner-" + i;
            trainers.add(new CellTrainer(
                    name, engines, imageSets, heldOutImages, Files.createDirectories(folder.resolve(name))));
        }
        threads = Executors.newFixedThreadPool(size);
    }

    /**
     * Trains cells. The first that cannot be trained ends it: the others are not waited for.
     *
     * @param progress hears of every point, on any thread
     */
    public List<TuningPoint> train(List<TuningCells.Cell> cells, Consumer<TuningPoint> progress)
            throws IOException, InterruptedException {
        AtomicInteger next = new AtomicInteger();
        CompletionService<@Nullable Void> running = new ExecutorCompletionService<>(threads);
        TuningPoint[] points = new TuningPoint[cells.size()];
        for (CellTrainer trainer : trainers) {
            running.submit(() -> {
                for (int i = next.getAndIncrement(); i < points.length; i = next.getAndIncrement()) {
                    points[i] = trainer.train(cells.get(i));
                    progress.accept(points[i]);
                }
                return null;
            });
        }
        for (int ended = 0; ended < trainers.size(); ended++) {
            try {
                running.take().get();
            } catch (ExecutionException e) {
                next.set(points.length);
                if (e.getCause() instanceof IOException failure) {
                    throw failure;
                }
                if (e.getCause() instanceof UncheckedIOException unwritable) {
                    throw unwritable; // the points cannot be kept
                }
                throw new IllegalStateException(e.getCause());
            }
        }
        return List.of(points);
    }

    @Override
    public void close() {
        threads.shutdownNow();
        trainers.forEach(CellTrainer::close);
        try {
            if (!threads.awaitTermination(10, TimeUnit.SECONDS)) { // they delete what they have written
                LOG.warn("a cell is still being trained; its files may be left");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}

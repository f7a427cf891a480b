package org.isofleet.worker.dl4j;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.stream.Stream;
import org.bytedeco.javacpp.Pointer;
import org.isofleet.protocol.study.ModelShape;
import org.isofleet.worker.engine.FlatVector;
import org.isofleet.worker.engine.PixelBatch;
import org.isofleet.worker.engine.PixelEngine;
import org.junit.jupiter.api.Test;

/** What the promise of the same bits asks of lanes, and what long runs ask of memory. */
final class Dl4jEngineLanesTest {
    private static final ModelShape SHAPE = new ModelShape(16, 3, 32, 2, 16, 2, 48);

    @Test
    void gradient_ofAShard_isTheSameBitsOnEveryLaneAndBesideOthers() throws Exception {
        double[] parameters = Shapes.parameters(SHAPE, 101);
        int lanes = 3;
        try (PixelEngine engine = Dl4jEngine.factory().create(SHAPE, lanes, 2);
                PixelEngine alone = Dl4jEngine.factory().create(SHAPE, 1, 2)) {
            for (PixelEngine e : List.of(engine, alone)) {
                Shapes.set(e.parameters(), parameters);
                e.parametersChanged();
            }
            PixelBatch shard = Shapes.images(SHAPE, 2, 102);
            float[] expected = gradient(alone, 0, shard);
            ExecutorService threads = Executors.newFixedThreadPool(lanes);
            List<Future<float[]>> results = new ArrayList<>();
            for (int task = 0; task < lanes; task++) {
                int lane = task;
                results.add(threads.submit(() -> {
                    float[] last = new float[0];
                    for (int i = 0; i < 30; i++) {
                        gradient(engine, lane, Shapes.images(SHAPE, 2, 1000L * lane + i));
                        last = gradient(engine, lane, shard);
                    }
                    return last;
                }));
            }
            for (Future<float[]> result : results) {
                assertThat(result.get()).isEqualTo(expected);
            }
            threads.shutdown();
        }
    }

    @Test
    void products_onAThread_startNoOtherThreads() throws Exception {
        ModelShape shape = new ModelShape(16, 3, 256, 1, 128, 2, 256);
        try (PixelEngine engine = Dl4jEngine.factory().create(shape, 1, 1)) {
            PixelBatch shard = Shapes.images(shape, 1, 103);
            FutureTask<Long> threads = new FutureTask<>(() -> {
                gradient(engine, 0, shard);
                return threadsNamed("lane-on-trial");
            });
            new Thread(threads, "lane-on-trial").start();
            assertThat(threads.get()).isEqualTo(1);
        }
    }

    @Test
    void memory_overAThousandSteps_doesNotGrow() {
        ModelShape shape = new ModelShape(8, 3, 4, 1, 8, 2, 16);
        try (Dl4jEngine engine = (Dl4jEngine) Dl4jEngine.factory().create(shape, 1, 2)) {
            FlatVector gradient = FlatVector.zeros(engine.layout().length());
            PixelBatch shard = Shapes.images(shape, 2, 104);
            step(engine, shard, gradient, 300);
            long pointers = Pointer.totalBytes();
            long bytes = engine.bytes();
            long resident = Pointer.physicalBytes();
            step(engine, shard, gradient, 1000);
            assertThat(engine.bytes()).isEqualTo(bytes);
            assertThat(Pointer.totalBytes()).isLessThanOrEqualTo(pointers);
            // One leaked vector a step would be 2 MB and more; the heap and compiled code may move by a little.
            assertThat(Pointer.physicalBytes() - resident).isLessThan(24L << 20);
        }
    }

    @Test
    void close_ofAnEngine_givesItsMemoryBack() {
        ModelShape shape = new ModelShape(16, 3, 32, 2, 64, 4, 160);
        openAndClose(shape);
        long resident = Pointer.physicalBytes();
        for (int i = 0; i < 40; i++) {
            openAndClose(shape);
        }
        // Forty engines not given back would be more than 200 MB.
        assertThat(Pointer.physicalBytes() - resident).isLessThan(64L << 20);
    }

    private static void openAndClose(ModelShape shape) {
        try (Dl4jEngine engine = (Dl4jEngine) Dl4jEngine.factory().create(shape, 1, 1)) {
            assertThat(engine.bytes()).isGreaterThan(5L << 20);
            gradient(engine, 0, Shapes.images(shape, 1, 105));
        }
    }

    private static void step(PixelEngine engine, PixelBatch shard, FlatVector gradient, int steps) {
        for (int i = 0; i < steps; i++) {
            engine.gradient(0, shard, gradient);
            engine.parametersChanged();
        }
    }

    private static float[] gradient(PixelEngine engine, int lane, PixelBatch shard) {
        FlatVector gradient = FlatVector.zeros(engine.layout().length());
        engine.gradient(lane, shard, gradient);
        float[] values = new float[(int) gradient.length()];
        gradient.read(0, values, 0, values.length);
        gradient.free();
        return values;
    }

    /** Native threads of that name; those that an OpenMP library starts inherit the name of their creator. */
    private static long threadsNamed(String name) throws Exception {
        try (Stream<Path> tasks = Files.list(Path.of("/proc/self/task"))) {
            return tasks.filter(task -> {
                        try {
                            return Files.readString(task.resolve("comm"))
                                    .strip()
                                    .equals(name);
                        } catch (java.io.IOException gone) {
                            return false;
                        }
                    })
                    .count();
        }
    }
}

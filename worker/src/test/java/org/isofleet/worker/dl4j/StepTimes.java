package org.isofleet.worker.dl4j;

import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.Locale;
import org.isofleet.protocol.study.ModelShape;
import org.isofleet.worker.engine.FlatVector;
import org.isofleet.worker.engine.PixelBatch;
import org.isofleet.worker.engine.PixelEngine;
import org.isofleet.worker.engine.Shapes;

/**
 * Times the gradient of one image on one thread, shape by shape, beside a fixed product in the same run: a quick look while kernels are
 * changed, not the benchmark. Arguments: seconds a shape, then parts of the names of the shapes that are wanted.
 */
final class StepTimes {
    private record Case(String name, ModelShape shape) {}

    private StepTimes() {}

    public static void main(String[] arguments) {
        double seconds = arguments.length > 0 ? Double.parseDouble(arguments[0]) : 2;
        Case[] cases = {
            new Case("demo8", ModelShape.of(16, 3, 32, 1, 8, 1)),
            new Case("demo16", ModelShape.of(16, 3, 32, 2, 16, 2)),
            new Case("demo32", ModelShape.of(16, 3, 32, 3, 32, 2)),
            new Case("XS", ModelShape.of(16, 3, 256, 2, 32, 2)),
            new Case("S", ModelShape.of(16, 3, 256, 3, 64, 2)),
            new Case("M", ModelShape.of(16, 3, 256, 4, 128, 4)),
            new Case("L", ModelShape.of(32, 3, 256, 6, 256, 4)),
        };
        for (Case one : cases) {
            boolean wanted = arguments.length < 2
                    || Arrays.asList(arguments).subList(1, arguments.length).contains(one.name());
            if (wanted) {
                time(one, seconds);
            }
        }
    }

    private static void time(Case one, double seconds) {
        ModelShape shape = one.shape();
        try (PixelEngine engine = Dl4jEngine.factory().create(shape, 1, 1)) {
            Shapes.set(engine.parameters(), Shapes.parameters(shape, 1));
            engine.parametersChanged();
            FlatVector gradient = FlatVector.zeros(engine.layout().length());
            PixelBatch image = Shapes.images(shape, 1, 2);
            long best = Long.MAX_VALUE;
            long end = System.nanoTime() + (long) (seconds * 1e9);
            while (System.nanoTime() < end) {
                long start = processorTime();
                engine.gradient(0, image, gradient);
                best = Math.min(best, processorTime() - start);
            }
            System.out.printf(
                    Locale.ROOT,
                    "%-7s %8.3f ms an image, %6.1f GFLOP/s, fixed product %.1f GFLOP/s%n",
                    one.name(),
                    (double) best / 1e6,
                    shape.exactFlopsPerToken() * shape.tokens() / (double) best,
                    product());
        }
    }

    /** This thread's processor time, which other load on the machine disturbs less than the clock. */
    private static long processorTime() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }

    private static double product() {
        int n = 256;
        FlatVector a = FlatVector.zeros(3L * n * n);
        Gemm gemm = new Gemm();
        long best = Long.MAX_VALUE;
        for (int i = 0; i < 200; i++) {
            long start = processorTime();
            gemm.nn(n, n, n, a.address(0), n, a.address((long) n * n), n, 0f, a.address(2L * n * n), n);
            best = Math.min(best, processorTime() - start);
        }
        return 2.0 * n * n * n / (double) best;
    }
}

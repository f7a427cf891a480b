package org.isofleet.worker.node;

import java.util.Locale;
import org.isofleet.protocol.group.KernelClass;
import org.isofleet.protocol.study.ModelShape;
import org.isofleet.worker.engine.EngineFactory;
import org.isofleet.worker.engine.GradientDigest;
import org.isofleet.worker.engine.PixelEngine;

/**
 * Finds the kernel class of an engine here: its kernels, the processor, and the digest of a gradient of one small model. It keeps machines
 * that differ out of each other's groups from the start; who joins a run also tells its digest at the run's own shapes.
 */
final class KernelProbe {
    /** Small, but with odd sizes of heads and levels so that the vector loops' tails are in the digest. */
    private static final ModelShape SHAPE = new ModelShape(5, 3, 16, 2, 24, 2, 40);

    private static final int IMAGES = 3;

    private KernelProbe() {}

    static KernelClass find(EngineFactory engines, String precision) {
        try (PixelEngine engine = engines.create(SHAPE, 1, IMAGES)) {
            String device = System.getProperty("os.arch", "unknown").toLowerCase(Locale.ROOT);
            return new KernelClass(engine.kernels(), device + "-" + GradientDigest.of(engine, IMAGES), precision);
        }
    }
}

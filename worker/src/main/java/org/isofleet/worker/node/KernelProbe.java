package org.isofleet.worker.node;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;
import org.isofleet.protocol.group.KernelClass;
import org.isofleet.protocol.study.ModelShape;
import org.isofleet.worker.engine.EngineFactory;
import org.isofleet.worker.engine.FlatVector;
import org.isofleet.worker.engine.PixelBatch;
import org.isofleet.worker.engine.PixelEngine;

/**
 * Finds the kernel class of an engine here: its kernels, the processor, and the digest of a fixed gradient. Libraries choose code by the
 * instructions that a processor has, so two machines that only look alike differ in the digest and are never put into one group.
 */
final class KernelProbe {
    /** Small, but with odd sizes of heads and levels so that the vector loops' tails are in the digest. */
    private static final ModelShape SHAPE = new ModelShape(5, 3, 16, 2, 24, 2, 40);

    private static final int IMAGES = 3;
    private static final int DIGEST_BYTES = 6;

    private KernelProbe() {}

    static KernelClass find(EngineFactory engines, String precision) {
        try (PixelEngine engine = engines.create(SHAPE, 1, IMAGES)) {
            String device = System.getProperty("os.arch", "unknown").toLowerCase(Locale.ROOT);
            return new KernelClass(engine.kernels(), device + "-" + digest(engine), precision);
        }
    }

    private static String digest(PixelEngine engine) {
        write(engine.parameters());
        engine.parametersChanged();
        byte[] pixels = new byte[IMAGES * SHAPE.channels() * SHAPE.tokens()];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = (byte) (scrambled(i) & (SHAPE.levels() - 1));
        }
        FlatVector gradient = FlatVector.zeros(engine.parameters().length());
        double loss = engine.gradient(0, new PixelBatch(IMAGES, SHAPE.channels(), SHAPE.tokens(), pixels), gradient);
        try {
            MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
            sha256.update(Double.toHexString(loss).getBytes(StandardCharsets.US_ASCII));
            sha256.update(gradient.bytes(0, Math.toIntExact(gradient.length())));
            return HexFormat.of().formatHex(sha256.digest(), 0, DIGEST_BYTES);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** Values in [-1/4, 1/4), exact in single precision. */
    private static void write(FlatVector parameters) {
        float[] values = new float[Math.toIntExact(parameters.length())];
        for (int i = 0; i < values.length; i++) {
            values[i] = (scrambled(i) & 0xffff) / 131_072f - 0.25f;
        }
        parameters.write(0, values, 0, values.length);
    }

    /** The finalizer of SplitMix64 (Steele, Lea and Flood 2014). */
    private static int scrambled(long index) {
        long z = (index + 1) * 0x9E3779B97F4A7C15L;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return (int) (z ^ (z >>> 31));
    }
}

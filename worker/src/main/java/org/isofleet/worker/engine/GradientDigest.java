package org.isofleet.worker.engine;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.isofleet.protocol.study.ModelShape;

/**
 * What an engine computes here, in a few bytes: the SHA-256 of one gradient at fixed parameters and fixed pixels. Libraries choose code by
 * the instructions that a processor has and by the shapes of the products, so two workers may only train one run when they agree on
 * this at its shapes.
 */
public final class GradientDigest {
    private static final int BYTES = 6;
    private static final int TILE = 1 << 16;

    private GradientDigest() {}

    /**
     * Computes the digest. The engine's parameters are overwritten.
     *
     * @param images of a shard
     * @return twelve hexadecimal digits
     */
    public static String of(PixelEngine engine, int images) {
        ModelShape shape = engine.shape();
        write(engine.parameters());
        engine.parametersChanged();
        byte[] pixels = new byte[images * shape.channels() * shape.tokens()];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = (byte) (scrambled(i) & (shape.levels() - 1));
        }
        FlatVector gradient = FlatVector.zeros(engine.parameters().length());
        try {
            double loss =
                    engine.gradient(0, new PixelBatch(images, shape.channels(), shape.tokens(), pixels), gradient);
            MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
            sha256.update(Double.toHexString(loss).getBytes(StandardCharsets.US_ASCII));
            for (long at = 0; at < gradient.length(); at += TILE) {
                sha256.update(gradient.bytes(at, (int) Math.min(TILE, gradient.length() - at)));
            }
            return HexFormat.of().formatHex(sha256.digest(), 0, BYTES);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        } finally {
            gradient.free();
        }
    }

    /** Values in [-1/4, 1/4), exact in single precision. */
    private static void write(FlatVector parameters) {
        float[] tile = new float[TILE];
        for (long at = 0; at < parameters.length(); at += TILE) {
            int count = (int) Math.min(TILE, parameters.length() - at);
            for (int i = 0; i < count; i++) {
                tile[i] = (scrambled(at + i) & 0xffff) / 131_072f - 0.25f;
            }
            parameters.write(at, tile, 0, count);
        }
    }

    /** The finalizer of SplitMix64 (Steele, Lea and Flood 2014). */
    private static int scrambled(long index) {
        long z = (index + 1) * 0x9E3779B97F4A7C15L;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return (int) (z ^ (z >>> 31));
    }
}

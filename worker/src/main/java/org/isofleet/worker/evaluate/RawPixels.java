package org.isofleet.worker.evaluate;

import org.isofleet.worker.engine.PixelBatch;

/** Pixels as features: all of them up to {@value #SIDE} a side, means of squares above, so that the probe's cost stays bounded. */
final class RawPixels {
    static final int SIDE = 16;

    private RawPixels() {}

    static float[] of(PixelBatch batch, int image, int resolution) {
        int factor = Math.max(1, resolution / SIDE);
        int side = resolution / factor;
        float[] features = new float[batch.channels() * side * side];
        for (int c = 0; c < batch.channels(); c++) {
            int plane = (image * batch.channels() + c) * batch.tokens();
            for (int y = 0; y < side * factor; y++) {
                for (int x = 0; x < side * factor; x++) {
                    int feature = (c * side + y / factor) * side + x / factor;
                    features[feature] += batch.values()[plane + y * resolution + x] & 0xFF;
                }
            }
        }
        return features;
    }
}

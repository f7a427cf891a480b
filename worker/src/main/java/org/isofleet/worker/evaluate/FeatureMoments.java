package org.isofleet.worker.evaluate;

import java.io.IOException;
import java.io.UncheckedIOException;
import org.isofleet.metrics.frechet.GaussianMoments;
import org.isofleet.worker.engine.PixelBatch;

/** Features of any number of images by the threads of an evaluation, few images in memory at a time. */
final class FeatureMoments {
    /** Images whose features are computed before their moments are taken: enough for every thread, and 16 MB of 2,048 features. */
    private static final int ROUND = 2048;

    private static final int CHUNK = 64;

    private final ImageFeatures features;
    private final LanePool pool;

    FeatureMoments(ImageFeatures features, LanePool pool) {
        this.features = features;
        this.pool = pool;
    }

    /** Images by number, read as they are wanted. */
    @FunctionalInterface
    interface Images {
        /** The images {@code [from, to)}. */
        PixelBatch batch(int from, int to);
    }

    /** Moments of the features; taken in by number, so that their last bits do not depend on threads. */
    GaussianMoments of(Images images, int count, int levels) throws IOException, InterruptedException {
        GaussianMoments moments = new GaussianMoments(features.dimension());
        for (int from = 0; from < count; from += ROUND) {
            for (float[] vector : vectors(images, from, Math.min(count, from + ROUND), levels)) {
                moments.add(vector);
            }
        }
        return moments;
    }

    static GaussianMoments of(float[][] vectors) {
        GaussianMoments moments = new GaussianMoments(vectors[0].length);
        for (float[] vector : vectors) {
            moments.add(vector);
        }
        return moments;
    }

    /** The features of the images {@code [start, end)}. */
    float[][] vectors(Images images, int start, int end, int levels) throws IOException, InterruptedException {
        float[][] vectors = new float[end - start][];
        try {
            pool.forEach(end - start, CHUNK, (lane, from, to) -> {
                try {
                    float[][] found = features.features(images.batch(start + from, start + to), levels);
                    System.arraycopy(found, 0, vectors, from, to - from);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
        return vectors;
    }
}

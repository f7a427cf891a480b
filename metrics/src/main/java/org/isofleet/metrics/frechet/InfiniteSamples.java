package org.isofleet.metrics.frechet;

import java.util.Random;

/**
 * The Fréchet distance that infinitely many samples would have, FID-infinity (Chong and Forsyth 2020): its bias is nearly a line in one over the
 * number of samples, so the distances of {@value #COUNTS} numbers of them, from a tenth to all, each drawn anew, are extrapolated by least squares. Only
 * the generated side is extrapolated; references stay as they are.
 */
public final class InfiniteSamples {
    private static final int COUNTS = 15;

    private InfiniteSamples() {}

    /**
     * The extrapolated distance; it may be below 0.
     *
     * @param generated features, at least 2 vectors
     * @param seed of the draws
     * @throws InterruptedException when the thread was interrupted between two distances
     */
    public static double distance(float[][] generated, GaussianMoments references, long seed)
            throws InterruptedException {
        Random random = new Random(seed);
        float[][] drawn = generated.clone();
        double[] inverse = new double[COUNTS];
        double[] distances = new double[COUNTS];
        for (int k = 0; k < COUNTS; k++) {
            if (Thread.interrupted()) {
                throw new InterruptedException("interrupted while extrapolating a distance");
            }
            int count = count(generated.length, k);
            shuffle(drawn, count, random);
            GaussianMoments moments = new GaussianMoments(references.dimension());
            for (int i = 0; i < count; i++) {
                moments.add(drawn[i]);
            }
            inverse[k] = 1.0 / count;
            distances[k] = FrechetDistance.between(moments, references);
        }
        return intercept(inverse, distances);
    }

    private static int count(int all, int k) {
        int least = Math.max(2, all / 10);
        return least + (int) ((long) (all - least) * k / (COUNTS - 1));
    }

    /** Brings a random choice to the front. */
    private static void shuffle(float[][] vectors, int count, Random random) {
        for (int i = 0; i < count; i++) {
            int other = i + random.nextInt(vectors.length - i);
            float[] vector = vectors[i];
            vectors[i] = vectors[other];
            vectors[other] = vector;
        }
    }

    private static double intercept(double[] x, double[] y) {
        double meanX = 0;
        double meanY = 0;
        for (int i = 0; i < x.length; i++) {
            meanX += x[i] / x.length;
            meanY += y[i] / x.length;
        }
        double products = 0;
        double squares = 0;
        for (int i = 0; i < x.length; i++) {
            products += (x[i] - meanX) * (y[i] - meanY);
            squares += (x[i] - meanX) * (x[i] - meanX);
        }
        return squares == 0 ? meanY : meanY - products / squares * meanX;
    }
}

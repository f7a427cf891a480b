package org.isofleet.metrics.frechet;

import java.util.Locale;
import java.util.Random;

/**
 * Seconds of a Fréchet distance from features, no test. Arguments: samples of each set, features.
 *
 * <p>{@code ./mvnw -q -pl metrics -am -Dquick test-compile}, then {@code java -cp metrics/target/classes:metrics/target/test-classes
 * org.isofleet.metrics.frechet.DistanceTimes 10000 1024}.
 */
final class DistanceTimes {
    private DistanceTimes() {}

    public static void main(String[] arguments) {
        int samples = Integer.parseInt(arguments[0]);
        int features = Integer.parseInt(arguments[1]);
        for (int round = 1; round <= 3; round++) {
            float[][] one = vectors(new Random(round), samples, features, 0);
            float[][] other = vectors(new Random(-round), samples, features, 0.1);
            long start = System.nanoTime();
            GaussianMoments a = moments(one);
            GaussianMoments b = moments(other);
            long gathered = System.nanoTime();
            double distance = FrechetDistance.between(a, b);
            long end = System.nanoTime();
            System.out.printf(
                    Locale.ROOT,
                    "round %d: %.2f s, of which moments of both sets %.2f s and their distance %.2f s (FD %.6f)%n",
                    round,
                    (end - start) / 1e9,
                    (gathered - start) / 1e9,
                    (end - gathered) / 1e9,
                    distance);
        }
    }

    private static GaussianMoments moments(float[][] vectors) {
        GaussianMoments moments = new GaussianMoments(vectors[0].length);
        for (float[] vector : vectors) {
            moments.add(vector);
        }
        return moments;
    }

    private static float[][] vectors(Random random, int samples, int features, double shift) {
        float[][] vectors = new float[samples][features];
        for (float[] vector : vectors) {
            for (int j = 0; j < features; j++) {
                vector[j] = (float) (shift + random.nextGaussian());
            }
        }
        return vectors;
    }
}

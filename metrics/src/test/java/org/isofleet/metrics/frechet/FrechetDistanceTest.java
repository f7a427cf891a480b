package org.isofleet.metrics.frechet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class FrechetDistanceTest {
    @Test
    void diagonalGaussians_closedForm() {
        // |m - n|^2 + sum (sqrt a - sqrt b)^2 when covariances commute.
        double distance = FrechetDistance.between(
                new double[] {1, 2}, new double[][] {{4, 0}, {0, 9}}, new double[] {3, 1}, new double[][] {
                    {1, 0}, {0, 16}
                });
        assertThat(distance).isCloseTo(4 + 1 + 1 + 1, within(1e-12));
    }

    @Test
    void correlatedGaussians_twoByTwo_closedForm() {
        // For 2 x 2 matrices tr sqrt(AB) = sqrt(tr AB + 2 sqrt(det AB)); here tr AB = 10, det A = 3, det B = 4.
        double[][] a = {{2, 1}, {1, 2}};
        double[][] b = {{4, 0}, {0, 1}};
        double traceAb = 10;
        double expected = 4 + 5 - 2 * Math.sqrt(traceAb + 2 * Math.sqrt(3.0 * 4.0));
        assertThat(FrechetDistance.between(new double[2], a, new double[2], b)).isCloseTo(expected, within(1e-12));
    }

    @Test
    void rankOneCovariances_closedForm() {
        // A = u u', B = v v': tr sqrt(A^(1/2) B A^(1/2)) = |u.v|.
        double[] u = {1, 2, -1, 0.5};
        double[] v = {0.3, -1, 2, 1};
        double dot = 0;
        double traces = 0;
        for (int i = 0; i < 4; i++) {
            dot += u[i] * v[i];
            traces += u[i] * u[i] + v[i] * v[i];
        }
        assertThat(FrechetDistance.between(new double[4], outer(u), new double[4], outer(v)))
                .isCloseTo(traces - 2 * Math.abs(dot), within(1e-7));
    }

    @Property(tries = 50)
    void anyTwoSets_symmetricNonNegativeAndZeroToItself(
            @ForAll long seed,
            @ForAll @IntRange(min = 1, max = 12) int dimension,
            @ForAll @IntRange(min = 2, max = 30) int n) {
        Random random = new Random(seed);
        GaussianMoments a = moments(random, dimension, n, 0);
        GaussianMoments b = moments(random, dimension, n, 1);
        double ab = FrechetDistance.between(a, b);
        assertThat(ab).isGreaterThanOrEqualTo(0).isCloseTo(FrechetDistance.between(b, a), within(1e-6));
        assertThat(FrechetDistance.between(a, a)).isCloseTo(0, within(1e-6));
    }

    @Property(tries = 50)
    void merge_anyCut_equalsOnePass(@ForAll long seed, @ForAll @IntRange(min = 0, max = 20) int cut) {
        Random random = new Random(seed);
        float[][] vectors = new float[20][5];
        GaussianMoments whole = new GaussianMoments(5);
        GaussianMoments left = new GaussianMoments(5);
        GaussianMoments right = new GaussianMoments(5);
        for (int i = 0; i < 20; i++) {
            for (int j = 0; j < 5; j++) {
                vectors[i][j] =
                        (float) (1e4 + random.nextGaussian()); // a mean that would eat the digits of sums of squares
            }
            whole.add(vectors[i]);
            (i < cut ? left : right).add(vectors[i]);
        }
        left.merge(right);
        assertThat(left.count()).isEqualTo(20);
        assertThat(left.mean()).containsExactly(whole.mean(), within(1e-9));
        for (int i = 0; i < 5; i++) {
            assertThat(left.covariance()[i]).containsExactly(whole.covariance()[i], within(1e-9));
            assertThat(whole.covariance()[i][i]).isCloseTo(variance(vectors, i), within(1e-9));
        }
    }

    private static double variance(float[][] vectors, int column) {
        double mean = 0;
        for (float[] v : vectors) {
            mean += v[column] / (double) vectors.length;
        }
        double squares = 0;
        for (float[] v : vectors) {
            squares += (v[column] - mean) * (v[column] - mean);
        }
        return squares / (vectors.length - 1);
    }

    private static GaussianMoments moments(Random random, int dimension, int n, double shift) {
        GaussianMoments moments = new GaussianMoments(dimension);
        for (int i = 0; i < n; i++) {
            float[] vector = new float[dimension];
            for (int j = 0; j < dimension; j++) {
                vector[j] = (float) (shift + random.nextGaussian());
            }
            moments.add(vector);
        }
        return moments;
    }

    private static double[][] outer(double[] u) {
        double[][] product = new double[u.length][u.length];
        for (int i = 0; i < u.length; i++) {
            for (int j = 0; j < u.length; j++) {
                product[i][j] = u[i] * u[j];
            }
        }
        return product;
    }
}

package org.isofleet.metrics.frechet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.assertj.core.data.Offset;
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
                .isCloseTo(traces - 2 * Math.abs(dot), within(1e-12));
    }

    /** Values of mpmath 1.4.1 at 60 digits, from the singular values of the centred samples; 20 samples of 24 features have rank 19. */
    @Test
    void samplesOfWholeNumbers_haveTheDistanceOfSixtyDigits() {
        assertThat(FrechetDistance.between(whole(1, 40, 12), whole(2, 50, 12)))
                .isCloseTo(1449.108872703483, withinShare(1e-12, 1449));
        assertThat(FrechetDistance.between(whole(1, 20, 24), whole(2, 30, 24)))
                .isCloseTo(11864.328217732167, withinShare(1e-12, 11864));
    }

    /**
     * Blocks of 2x2, whose distance has a closed form, turned together by reflections: any dimension, and any rank, for blocks of rank 1 and
     * 0 are among them. The roots of the rounding errors of the zero eigenvalues would be off by 1e-8 each.
     */
    @Property(tries = 60)
    void turnedBlocks_ofAnyRank_haveTheClosedForm(@ForAll long seed, @ForAll @IntRange(min = 1, max = 40) int blocks) {
        Random random = new Random(seed);
        int d = 2 * blocks;
        double[][] a = new double[d][d];
        double[][] b = new double[d][d];
        double expected = 0;
        for (int k = 0; k < d; k += 2) {
            double[][] p = block(random);
            double[][] q = block(random);
            double traceOfProduct = p[0][0] * q[0][0] + 2 * p[0][1] * q[0][1] + p[1][1] * q[1][1];
            double roots = Math.sqrt(Math.max(0, determinant(p) * determinant(q)));
            expected += p[0][0] + p[1][1] + q[0][0] + q[1][1] - 2 * Math.sqrt(traceOfProduct + 2 * roots);
            for (int i = 0; i < 2; i++) {
                System.arraycopy(p[i], 0, a[k + i], k, 2);
                System.arraycopy(q[i], 0, b[k + i], k, 2);
            }
        }
        for (int turn = 0; turn < 3; turn++) {
            double[] axis = random.doubles(d, -1, 1).toArray();
            reflect(a, axis);
            reflect(b, axis);
        }
        assertThat(FrechetDistance.between(new double[d], a, new double[d], b)).isCloseTo(expected, within(1e-9 * d));
    }

    /** Of rank 2, 1 or 0, with small whole numbers, so that determinants are exact. */
    private static double[][] block(Random random) {
        int rank = random.nextInt(3);
        double[][] block = new double[2][2];
        for (int r = 0; r < rank; r++) {
            double x = random.nextInt(9) - 4;
            double y = random.nextInt(9) - 4;
            block[0][0] += x * x;
            block[0][1] += x * y;
            block[1][0] += x * y;
            block[1][1] += y * y;
        }
        return block;
    }

    private static double determinant(double[][] block) {
        return block[0][0] * block[1][1] - block[0][1] * block[1][0];
    }

    /** H M H for the reflection H at a plane. */
    private static void reflect(double[][] m, double[] axis) {
        double squares = 0;
        for (double each : axis) {
            squares += each * each;
        }
        for (int side = 0; side < 2; side++) {
            for (double[] row : m) {
                double along = 0;
                for (int j = 0; j < axis.length; j++) {
                    along += row[j] * axis[j];
                }
                for (int j = 0; j < axis.length; j++) {
                    row[j] -= 2 * along / squares * axis[j];
                }
            }
            for (int i = 0; i < m.length; i++) {
                for (int j = 0; j < i; j++) {
                    double other = m[i][j];
                    m[i][j] = m[j][i];
                    m[j][i] = other;
                }
            }
        }
    }

    private static GaussianMoments whole(int seed, int count, int dimension) {
        GaussianMoments moments = new GaussianMoments(dimension);
        for (int i = 0; i < count; i++) {
            float[] vector = new float[dimension];
            for (int j = 0; j < dimension; j++) {
                vector[j] = (i * i * 7 + (j + seed) * 13 * i + j * j * 3 * seed + i * j % 7 * 11) % 101;
            }
            moments.add(vector);
        }
        return moments;
    }

    private static Offset<Double> withinShare(double share, double of) {
        return within(share * of);
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
        assertThat(ab).isGreaterThanOrEqualTo(0).isCloseTo(FrechetDistance.between(b, a), within(1e-10));
        assertThat(FrechetDistance.between(a, a)).isCloseTo(0, within(1e-10));
    }

    @Property(tries = 50)
    void merge_anyCut_equalsOnePass(@ForAll long seed, @ForAll @IntRange(min = 0, max = 200) int cut) {
        Random random = new Random(seed);
        float[][] vectors = new float[200][5];
        GaussianMoments whole = new GaussianMoments(5);
        GaussianMoments left = new GaussianMoments(5);
        GaussianMoments right = new GaussianMoments(5);
        for (int i = 0; i < 200; i++) {
            for (int j = 0; j < 5; j++) {
                vectors[i][j] =
                        (float) (1e4 + random.nextGaussian()); // a mean that would eat the digits of sums of squares
            }
            whole.add(vectors[i]);
            (i < cut ? left : right).add(vectors[i]);
        }
        left.merge(right);
        assertThat(left.count()).isEqualTo(200);
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

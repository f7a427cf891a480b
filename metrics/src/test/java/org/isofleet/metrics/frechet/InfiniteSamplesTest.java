package org.isofleet.metrics.frechet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Random;
import org.junit.jupiter.api.Test;

class InfiniteSamplesTest {
    private static final int DIMENSION = 6;

    /** Two Gaussians that differ by 0.5 in one mean: 0.25 apart. Few samples see more than that, and the extrapolation does not. */
    @Test
    void extrapolation_isNearerToTheTrueDistanceThanAllSamplesAre() throws InterruptedException {
        double extrapolated = 0;
        double plain = 0;
        for (int study = 0; study < 20; study++) {
            GaussianMoments references = new GaussianMoments(DIMENSION);
            for (float[] vector : vectors(new Random(1000 + study), 20_000, 0)) {
                references.add(vector);
            }
            float[][] generated = vectors(new Random(study), 200, 0.5);
            GaussianMoments moments = new GaussianMoments(DIMENSION);
            for (float[] vector : generated) {
                moments.add(vector);
            }
            plain += FrechetDistance.between(moments, references) / 20;
            extrapolated += InfiniteSamples.distance(generated, references, 1) / 20;
        }
        assertThat(plain - 0.25).isGreaterThan(0.03);
        assertThat(Math.abs(extrapolated - 0.25)).isLessThan((plain - 0.25) / 2);
    }

    @Test
    void sameSeed_sameValue_andFewSamplesWillDo() throws InterruptedException {
        GaussianMoments references = new GaussianMoments(DIMENSION);
        for (float[] vector : vectors(new Random(1), 50, 0)) {
            references.add(vector);
        }
        float[][] generated = vectors(new Random(2), 30, 0);
        double first = InfiniteSamples.distance(generated, references, 7);
        assertThat(InfiniteSamples.distance(generated, references, 7)).isEqualTo(first);
        assertThat(InfiniteSamples.distance(generated, references, 8)).isNotEqualTo(first);
        assertThat(InfiniteSamples.distance(vectors(new Random(3), 2, 0), references, 7))
                .isFinite();
    }

    @Test
    void interrupt_endsIt() {
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> InfiniteSamples.distance(new float[2][DIMENSION], new GaussianMoments(DIMENSION), 1))
                .isInstanceOf(InterruptedException.class);
        assertThat(Thread.interrupted()).isFalse();
    }

    private static float[][] vectors(Random random, int count, double shift) {
        float[][] vectors = new float[count][DIMENSION];
        for (float[] vector : vectors) {
            for (int j = 0; j < DIMENSION; j++) {
                vector[j] = (float) ((j == 0 ? shift : 0) + random.nextGaussian());
            }
        }
        return vectors;
    }
}

package org.isofleet.worker.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.isofleet.protocol.study.OptimizerSpec;
import org.isofleet.worker.engine.FlatVector;
import org.isofleet.worker.engine.ParameterLayout;
import org.junit.jupiter.api.Test;

class AdamWTest {
    private static final OptimizerSpec SPEC = new OptimizerSpec(0.01, 0.9, 0.99, 1e-8, 0.1, 1);
    private final ParameterLayout layout = ParameterLayout.of(SmallRuns.SHAPE);
    private final int length = (int) layout.length();

    private static FlatVector random(int length, int seed, double scale) {
        Random random = new Random(seed);
        FlatVector vector = FlatVector.zeros(length);
        for (int i = 0; i < length; i++) {
            vector.set(i, (float) (random.nextGaussian() * scale));
        }
        return vector;
    }

    /** Algorithm 2 of Loshchilov and Hutter, in double precision. */
    private double[] reference(FlatVector parameters, FlatVector[] gradients, double scale, double rate) {
        double[] p = new double[length];
        for (ParameterLayout.Tensor tensor : layout.tensors()) {
            double decay = tensor.kind() == ParameterLayout.Kind.MATRIX ? SPEC.weightDecay() : 0;
            for (int i = (int) tensor.offset(); i < tensor.offset() + tensor.length(); i++) {
                double m = 0;
                double v = 0;
                p[i] = parameters.get(i);
                for (int t = 1; t <= gradients.length; t++) {
                    double g = gradients[t - 1].get(i) * scale;
                    m = SPEC.beta1() * m + (1 - SPEC.beta1()) * g;
                    v = SPEC.beta2() * v + (1 - SPEC.beta2()) * g * g;
                    double mHat = m / (1 - Math.pow(SPEC.beta1(), t));
                    double vHat = v / (1 - Math.pow(SPEC.beta2(), t));
                    p[i] -= rate * (mHat / (Math.sqrt(vHat) + SPEC.epsilon()) + decay * p[i]);
                }
            }
        }
        return p;
    }

    @Test
    void steps_fiveOfThem_followTheReference() {
        FlatVector parameters = random(length, 1, 0.1);
        FlatVector[] gradients = new FlatVector[5];
        for (int t = 0; t < gradients.length; t++) {
            gradients[t] = random(length, 10 + t, 3);
        }
        double[] expected = reference(parameters, gradients, 0.125, 0.01);
        FlatVector first = FlatVector.zeros(length);
        FlatVector second = FlatVector.zeros(length);
        try (Lanes lanes = new Lanes(1, "test")) {
            AdamW optimizer = new AdamW(SPEC, layout, lanes);
            for (int t = 1; t <= gradients.length; t++) {
                optimizer.step(parameters, first, second, gradients[t - 1], 0.125, t, 0.01);
            }
        }
        for (int i = 0; i < length; i++) {
            assertThat((double) parameters.get(i)).isCloseTo(expected[i], within(1e-6));
        }
    }

    @Test
    void hash_takenInThePass_isThatOfAPassOfItsOwn() {
        FlatVector parameters = random(length, 1, 0.1);
        FlatVector first = FlatVector.zeros(length);
        FlatVector second = FlatVector.zeros(length);
        try (Lanes lanes = new Lanes(1, "test")) {
            long fused =
                    new AdamW(SPEC, layout, lanes).step(parameters, first, second, random(length, 2, 1), 1, 1, 0.01);
            Blocks blocks = new Blocks(length);
            long alone = new StateHash().ofBlocks(blocks, 0, blocks.count(), parameters, first, second);
            assertThat(fused).isEqualTo(alone);
        }
    }

    @Test
    void bitsAndHash_onManyLanes_areThoseOfOne() {
        int big = 40 * Blocks.SIZE + 17;
        ParameterLayout wide = ParameterLayout.of(org.isofleet.protocol.study.ModelShape.of(4, 3, 256, 2, 64, 2));
        assertThat(wide.length()).isGreaterThan(big);
        long[] hashes = new long[2];
        double[] norms = new double[2];
        for (int run = 0; run < 2; run++) {
            try (Lanes lanes = new Lanes(1 + 2 * run, "test")) {
                int n = (int) wide.length();
                FlatVector gradient = random(n, 2, 1);
                norms[run] = new GradientNorm(n, lanes).of(gradient);
                hashes[run] = new AdamW(SPEC, wide, lanes)
                        .step(random(n, 1, 0.1), FlatVector.zeros(n), FlatVector.zeros(n), gradient, 1, 1, 0.01);
            }
        }
        assertThat(hashes[1]).isEqualTo(hashes[0]);
        assertThat(norms[1]).isEqualTo(norms[0]);
    }
}

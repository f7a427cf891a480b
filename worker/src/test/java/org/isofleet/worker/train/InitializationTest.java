package org.isofleet.worker.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.isofleet.protocol.study.ModelShape;
import org.isofleet.worker.engine.FlatVector;
import org.isofleet.worker.engine.ParameterLayout;
import org.junit.jupiter.api.Test;

class InitializationTest {
    private final ModelShape shape = ModelShape.of(16, 3, 64, 2, 64, 2);
    private final ParameterLayout layout = ParameterLayout.of(shape);

    private FlatVector filled(long seed) {
        FlatVector parameters = FlatVector.zeros(layout.length());
        new Initialization(shape, seed).fill(parameters);
        return parameters;
    }

    private double deviation(FlatVector parameters, String tensor) {
        ParameterLayout.Tensor t = layout.tensor(tensor);
        double sum = 0;
        double squares = 0;
        for (long i = t.offset(); i < t.offset() + t.length(); i++) {
            sum += parameters.get(i);
            squares += (double) parameters.get(i) * parameters.get(i);
        }
        double mean = sum / t.length();
        double deviation = Math.sqrt(squares / t.length() - mean * mean);
        assertThat(mean).isCloseTo(0, within(5 * deviation / Math.sqrt((double) t.length())));
        return deviation;
    }

    @Test
    void tensors_haveTheStatedDeviations() {
        FlatVector p = filled(3);
        assertThat(deviation(p, "blocks.0.attention.qkv")).isCloseTo(1 / 8.0, within(0.005));
        assertThat(deviation(p, "blocks.1.attention.out")).isCloseTo(1 / 8.0 / 2, within(0.003));
        assertThat(deviation(p, "head.1")).isCloseTo(0.1 / 8, within(0.0005));
        assertThat(deviation(p, "embedding.2")).isCloseTo(0.5 / Math.sqrt(3), within(0.01));
        assertThat(p.get(layout.tensor("blocks.0.geglu.gain").offset())).isEqualTo(1);
    }

    @Test
    void sameSeed_givesTheSameBits_andAnotherOthers() {
        FlatVector a = filled(3);
        FlatVector b = filled(3);
        FlatVector c = filled(4);
        int same = 0;
        for (long i = 0; i < layout.length(); i++) {
            assertThat(a.get(i)).isEqualTo(b.get(i));
            same += a.get(i) == c.get(i) ? 1 : 0;
        }
        assertThat((long) same).isEqualTo(shape.gainParams());
    }

    /** Pins the bits: whoever changes them changes every run, and must say so. */
    @Test
    void bits_ofSeedThree_areGolden() {
        Blocks blocks = new Blocks(layout.length());
        FlatVector zeros = FlatVector.zeros(layout.length());
        assertThat(new StateHash().ofBlocks(blocks, 0, blocks.count(), filled(3), zeros, zeros))
                .isEqualTo(-8184041979057039585L);
    }
}

package org.isofleet.protocol.study;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class ModelShapeTest {
    @Test
    void params_countsMatrixProductsOnly() {
        ModelShape shape = ModelShape.of(16, 3, 256, 2, 32, 2);
        assertThat(shape.hidden()).isEqualTo(80);
        assertThat(shape.bodyParams()).isEqualTo(2 * (4 * 32 * 32 + 3 * 32 * 80));
        assertThat(shape.headParams()).isEqualTo(768 * 32);
        assertThat(shape.params()).isEqualTo(48_128);
        assertThat(shape.allParams()).isEqualTo(48_128 + (5 * 256 + 1) * 32 + 5 * 32);
    }

    @Test
    void exactFlops_addAttentionAtNarrowWidths() {
        assertThat(attentionShare(2, 32)).isCloseTo(1.33, within(0.05));
        assertThat(attentionShare(4, 192)).isCloseTo(0.42, within(0.02));
    }

    private static double attentionShare(int layers, int width) {
        ModelShape shape = ModelShape.of(32, 3, 256, layers, width, 2);
        return shape.exactFlopsPerToken() / shape.flops6nPerToken() - 1;
    }

    @Test
    void headDominated_whenTheHeadExceedsHalf() {
        assertThat(ModelShape.of(16, 3, 256, 2, 16, 1).headDominated()).isTrue();
        assertThat(ModelShape.of(16, 3, 32, 2, 16, 1).headDominated()).isFalse();
    }

    @Test
    void constructor_refusesWhatMakesNoSense() {
        assertThatThrownBy(() -> ModelShape.of(16, 2, 256, 2, 32, 2))
                .isInstanceOf(InvalidSpecException.class)
                .hasMessageContaining("channels must be 1 (grey) or 3 (RGB), not 2");
        assertThatThrownBy(() -> ModelShape.of(16, 3, 200, 2, 32, 2)).hasMessageContaining("power of two");
        assertThatThrownBy(() -> ModelShape.of(16, 3, 256, 2, 30, 2)).hasMessageContaining("even number of features");
    }
}

package org.isofleet.worker.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

class FlatVectorTest {
    private final FlatVector vector = FlatVector.zeros(10);

    FlatVectorTest() {
        vector.write(0, new float[] {0, 1, 2, 3, 4, 5, 6, 7, 8, 9}, 0, 10);
    }

    @Test
    void bytes_ofAPart_beginAtPositionZero() {
        ByteBuffer bytes = vector.bytes(3, 4);
        assertThat(bytes.position()).isZero();
        assertThat(bytes.capacity()).isEqualTo(16);
        assertThat(bytes.getFloat(0)).isEqualTo(3);
        assertThat(bytes.getFloat(12)).isEqualTo(6);
    }

    @Test
    void readBits_ofAPart_areThoseOfItsFloats() {
        int[] bits = new int[5];
        vector.readBits(2, bits, 1, 3);
        assertThat(bits)
                .containsExactly(
                        0, Float.floatToRawIntBits(2), Float.floatToRawIntBits(3), Float.floatToRawIntBits(4), 0);
    }

    @Test
    void copyFrom_anotherVector_hasItsElements() {
        FlatVector copy = FlatVector.zeros(10);
        copy.copyFrom(vector);
        float[] read = new float[2];
        copy.read(8, read, 0, 2);
        assertThat(read).containsExactly(8, 9);
        assertThatThrownBy(() -> copy.copyFrom(FlatVector.zeros(9))).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void access_beyondTheEnd_throws() {
        assertThatThrownBy(() -> vector.bytes(8, 3)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> vector.read(-1, new float[1], 0, 1)).isInstanceOf(IndexOutOfBoundsException.class);
    }
}

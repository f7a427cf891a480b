package org.isofleet.worker.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class ResizeTest {
    /** Values of Pillow 12.3.0, {@code Image.fromarray(pixels).resize((new, new), Image.BICUBIC)} on 8-bit grey. */
    @Test
    void bicubic_isPillows_toTheValue() {
        assertThat(Resize.BICUBIC.apply(pixels(8), 8, 5))
                .containsExactly(
                        47, 121, 101, 82, 160, 124, 121, 132, 155, 60, 126, 109, 180, 203, 82, 136, 103, 180, 101, 106,
                        113, 118, 107, 105, 113);
        assertThat(Resize.BICUBIC.apply(pixels(3), 3, 7))
                .containsExactly(
                        0, 2, 27, 63, 107, 146, 162, 2, 10, 42, 78, 106, 126, 135, 12, 28, 75, 114, 100, 72, 62, 25, 50,
                        114, 158, 107, 37, 10, 41, 71, 146, 202, 156, 89, 63, 55, 88, 170, 238, 208, 156, 137, 61, 95,
                        181, 253, 230, 182, 166);
        float[] small = Resize.BICUBIC.apply(pixels(32), 32, 9);
        assertThat(small).startsWith(110, 128, 119, 132, 136, 124, 121, 117, 159);
        double sum = 0;
        for (float value : small) {
            sum += value;
        }
        assertThat(sum).isEqualTo(10_360);
    }

    /** The example of PyTorch's documentation of {@code Upsample}, {@code mode='bilinear', align_corners=False}. */
    @Test
    void bilinear_isPyTorchs() {
        assertThat(Resize.BILINEAR.apply(new float[] {1, 2, 3, 4}, 2, 4))
                .containsExactly(
                        new float[] {
                            1, 1.25f, 1.75f, 2, 1.5f, 1.75f, 2.25f, 2.5f, 2.5f, 2.75f, 3.25f, 3.5f, 3, 3.25f, 3.75f, 4
                        },
                        within(1e-6f));
    }

    /** Three old pixels a new one: the middle of each three is all that is looked at. */
    @Test
    void bilinear_shrinking_isNotWidened() {
        float[] plane = new float[36];
        for (int p = 0; p < 36; p++) {
            boolean middle = p / 6 % 3 == 1 && p % 3 == 1;
            plane[p] = middle ? 100 : 7;
        }
        assertThat(Resize.BILINEAR.apply(plane, 6, 2)).containsOnly(100);
    }

    @Test
    void sameSide_changesNothing() {
        for (Resize resize : Resize.values()) {
            assertThat(resize.apply(pixels(8), 8, 8)).isEqualTo(pixels(8));
        }
    }

    private static float[] pixels(int side) {
        float[] pixels = new float[side * side];
        for (int y = 0; y < side; y++) {
            for (int x = 0; x < side; x++) {
                pixels[y * side + x] = (y * 37 + x * 71 + x * y % 5 * 50) % 256;
            }
        }
        return pixels;
    }
}

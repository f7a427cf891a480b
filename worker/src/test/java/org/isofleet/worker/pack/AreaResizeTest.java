package org.isofleet.worker.pack;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class AreaResizeTest {
    @Property(tries = 200)
    void pixels_areMeansOfTheAreaTheyCover(
            @ForAll @IntRange(min = 1, max = 40) int width,
            @ForAll @IntRange(min = 1, max = 40) int height,
            @ForAll @IntRange(min = 1, max = 30) int side,
            @ForAll long seed) {
        byte[] values = new byte[3 * width * height];
        new Random(seed).nextBytes(values);
        byte[] resized = new byte[3 * side * side + 2];
        AreaResize.apply(new Picture(width, height, values), side, resized, 1);
        for (int c = 0; c < 3; c++) {
            for (int y = 0; y < side; y++) {
                for (int x = 0; x < side; x++) {
                    double exact = mean(values, width, height, side, c, y, x);
                    assertThat((double) (resized[1 + (c * side + y) * side + x] & 0xFF))
                            .isBetween(exact - 0.500001, exact + 0.500001);
                }
            }
        }
        assertThat(resized[0]).isZero();
        assertThat(resized[resized.length - 1]).isZero();
    }

    /** The mean over the covered area, by the overlap of every source pixel of the middle square. */
    private static double mean(byte[] values, int width, int height, int side, int c, int y, int x) {
        int square = Math.min(width, height);
        double scale = (double) square / side;
        double sum = 0;
        for (int r = 0; r < square; r++) {
            double high = Math.min(r + 1, (y + 1) * scale) - Math.max(r, y * scale);
            for (int k = 0; k < square && high > 0; k++) {
                double wide = Math.min(k + 1, (x + 1) * scale) - Math.max(k, x * scale);
                if (wide > 0) {
                    int at = (c * height + (height - square) / 2 + r) * width + (width - square) / 2 + k;
                    sum += high * wide * (values[at] & 0xFF);
                }
            }
        }
        return sum / (scale * scale);
    }

    @Test
    void wideImage_itsMiddleIsKept() {
        byte[] values = new byte[3 * 8 * 4];
        for (int i = 0; i < values.length; i++) {
            values[i] = (byte) (i % 8);
        }
        byte[] resized = new byte[3 * 4 * 4];
        AreaResize.apply(new Picture(8, 4, values), 4, resized, 0);
        assertThat(Arrays.copyOf(resized, 4)).containsExactly(2, 3, 4, 5);
    }

    @Test
    void largestWhiteImage_staysWhite() {
        int width = 65_535;
        byte[] values = new byte[3 * width * 3];
        Arrays.fill(values, (byte) 255);
        byte[] resized = new byte[3];
        AreaResize.apply(new Picture(width, 3, values), 1, resized, 0);
        assertThat(resized).containsOnly(-1);
        byte[] square = new byte[3 * 4096 * 4096];
        Arrays.fill(square, (byte) 255);
        byte[] small = new byte[3 * 1024 * 1024];
        AreaResize.apply(new Picture(4096, 4096, square), 1024, small, 0);
        assertThat(small).containsOnly(-1);
    }
}

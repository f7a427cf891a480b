package org.isofleet.worker.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import org.isofleet.worker.data.ImageSet.Split;
import org.junit.jupiter.api.Test;

class ColourEntropyTest {
    /** Two colours, half each, in all three channels at once: ln 2 together, three times that apart. */
    @Test
    void entropy_ofTwoColours_isLn2() {
        byte[] image = {0, 5, 0, 5, 1, 2, 1, 2, 7, 3, 7, 3};
        HeapImages images =
                new HeapImages(2, 3, 8, List.of("a"), Map.of(Split.TRAIN, new HeapImages.Content(image, new int[1])));
        ColourEntropy entropy = ColourEntropy.of(images, Split.TRAIN);
        assertThat(entropy.jointNatsPerPixel()).isCloseTo(Math.log(2), within(1e-12));
        assertThat(entropy.independentNatsPerPixel()).isCloseTo(3 * Math.log(2), within(1e-12));
    }

    @Test
    void entropy_ofOneColour_isZero() {
        HeapImages images = new HeapImages(
                2, 1, 256, List.of("a"), Map.of(Split.TEST, new HeapImages.Content(new byte[8], new int[2])));
        assertThat(ColourEntropy.of(images, Split.TEST).jointNatsPerPixel()).isZero();
    }
}

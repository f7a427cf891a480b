package org.isofleet.worker.data;

import java.util.Arrays;
import org.isofleet.worker.data.ImageSet.Split;

/**
 * Entropy of the colours of a split's pixels, at the levels the set is read with: what a model pays that knows how often each colour
 * comes, but nothing of places and neighbours. A trained model has to be below the joint one.
 *
 * @param jointNatsPerPixel entropy of (R, G, B) together
 * @param independentNatsPerPixel sum of the entropies of the channels
 */
public record ColourEntropy(double jointNatsPerPixel, double independentNatsPerPixel) {
    /** Counts all pixels of a split. */
    public static ColourEntropy of(ImageSet images, Split split) {
        int bits = Integer.numberOfTrailingZeros(images.levels());
        int channels = images.channels();
        long[] joint = new long[1 << (bits * channels)];
        long[][] single = new long[channels][images.levels()];
        int pixels = images.resolution() * images.resolution();
        byte[] image = new byte[channels * pixels];
        for (long i = 0; i < images.count(split); i++) {
            images.read(split, i, image, 0);
            for (int p = 0; p < pixels; p++) {
                int colour = 0;
                for (int c = 0; c < channels; c++) {
                    int value = image[c * pixels + p] & 0xFF;
                    single[c][value]++;
                    colour = colour << bits | value;
                }
                joint[colour]++;
            }
        }
        return new ColourEntropy(
                nats(joint),
                Arrays.stream(single).mapToDouble(ColourEntropy::nats).sum());
    }

    private static double nats(long[] counts) {
        double total = Arrays.stream(counts).sum();
        return -Arrays.stream(counts)
                .filter(n -> n > 0)
                .mapToDouble(n -> n / total * Math.log(n / total))
                .sum();
    }
}

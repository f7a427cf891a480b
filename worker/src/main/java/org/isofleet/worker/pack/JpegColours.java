package org.isofleet.worker.pack;

import org.isofleet.worker.pack.JpegFile.Colours;

/**
 * RGB of a JPEG's components. YCbCr by the integers of the IJG's library (jdcolor.c: 16 bits of fraction, half up), so that they are
 * those of every decoder built on it. YCCK holds the ink as 255 minus the RGB of its first three components.
 */
final class JpegColours implements ImageDecoder.Colours {
    private static final int HALF = 1 << 15;
    private static final int CR_TO_RED = fixed(1.40200);
    private static final int CB_TO_BLUE = fixed(1.77200);
    private static final int CR_TO_GREEN = fixed(0.71414);
    private static final int CB_TO_GREEN = fixed(0.34414);

    private final Colours colours;

    JpegColours(Colours colours) {
        this.colours = colours;
    }

    int bands() {
        return switch (colours) {
            case GREY -> 1;
            case RGB, YCC -> 3;
            case CMYK, INVERTED_CMYK, INVERTED_YCCK -> 4;
        };
    }

    @Override
    public int rgb(int[] values, int at) {
        return switch (colours) {
            case GREY -> values[at] * 0x010101;
            case RGB -> values[at] << 16 | values[at + 1] << 8 | values[at + 2];
            case YCC -> ycc(values, at);
            case CMYK -> inked(0xFFFFFF ^ rgb(values[at], values[at + 1], values[at + 2]), 255 - values[at + 3]);
            case INVERTED_CMYK -> inked(rgb(values[at], values[at + 1], values[at + 2]), values[at + 3]);
            case INVERTED_YCCK -> inked(0xFFFFFF ^ ycc(values, at), values[at + 3]);
        };
    }

    private static int ycc(int[] values, int at) {
        int y = values[at];
        int cb = values[at + 1] - 128;
        int cr = values[at + 2] - 128;
        return rgb(
                clamp(y + ((CR_TO_RED * cr + HALF) >> 16)),
                clamp(y + ((-CB_TO_GREEN * cb - CR_TO_GREEN * cr + HALF) >> 16)),
                clamp(y + ((CB_TO_BLUE * cb + HALF) >> 16)));
    }

    /** @param light 255 minus the black ink */
    private static int inked(int rgb, int light) {
        return rgb(shaded(rgb >> 16, light), shaded(rgb >> 8 & 0xFF, light), shaded(rgb & 0xFF, light));
    }

    private static int shaded(int value, int light) {
        return (value * light + 127) / 255;
    }

    private static int rgb(int red, int green, int blue) {
        return red << 16 | green << 8 | blue;
    }

    private static int clamp(int value) {
        return Math.max(0, Math.min(255, value));
    }

    private static int fixed(double factor) {
        return (int) (factor * (1 << 16) + 0.5);
    }
}

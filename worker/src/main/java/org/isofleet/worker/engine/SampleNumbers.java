package org.isofleet.worker.engine;

/**
 * The random numbers that pixels are drawn with: functions of (key of the image, counter), so that what is drawn does not depend on the
 * order in which images are completed, nor on the engine.
 */
public final class SampleNumbers {
    private static final long GOLDEN = 0x9E3779B97F4A7C15L;

    private SampleNumbers() {}

    /** A number in [0, 1): the counter-th output of SplitMix64 (Steele et al. 2014) started at the mixed key. */
    public static double uniform(long key, long counter) {
        return (mix(mix(key + GOLDEN) + (counter + 1) * GOLDEN) >>> 11) * 0x1p-53;
    }

    private static long mix(long value) {
        long z = value;
        z = (z ^ z >>> 30) * 0xBF58476D1CE4E5B9L;
        z = (z ^ z >>> 27) * 0x94D049BB133111EBL;
        return z ^ z >>> 31;
    }
}

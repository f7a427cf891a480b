package org.isofleet.worker.dl4j;

import java.util.Arrays;
import org.isofleet.worker.engine.SampleNumbers;

/**
 * Draws values from logits at a temperature. The random number of a value is a function of (key of the image, token, channel), so what is
 * drawn does not depend on the order in which images are completed.
 */
final class Sampler implements Generation.Choice {
    private final long[] keys;
    private final int channels;
    private final float inverseTemperature;
    private final float[] maxima;

    Sampler(long[] keys, int channels, int levels, double temperature) {
        if (!(temperature > 0)) {
            throw new IllegalArgumentException("temperature must be above 0, not " + temperature);
        }
        this.keys = keys;
        this.channels = channels;
        this.inverseTemperature = (float) (1 / temperature);
        this.maxima = new float[levels];
    }

    @Override
    public int choose(int image, int token, int channel, float[] logits) {
        float max = Float.NEGATIVE_INFINITY;
        for (float logit : logits) {
            max = Math.max(max, logit);
        }
        Loops.scale(logits, inverseTemperature, logits.length);
        Arrays.fill(maxima, max * inverseTemperature);
        Loops.expMinus(logits, maxima, logits.length);
        double sum = 0;
        for (float weight : logits) {
            sum += weight;
        }
        double left = SampleNumbers.uniform(keys[image], (long) token * channels + channel) * sum;
        int last = 0;
        for (int value = 0; value < logits.length; value++) {
            if (logits[value] > 0) {
                last = value;
                left -= logits[value];
                if (left < 0) {
                    return value;
                }
            }
        }
        return last;
    }
}

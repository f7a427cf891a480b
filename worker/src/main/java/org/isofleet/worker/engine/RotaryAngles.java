package org.isofleet.worker.engine;

import org.isofleet.protocol.study.ModelShape;

/**
 * Rotary positions (Su et al. 2021, arXiv 2104.09864), axial in two dimensions: of the pairs of a head's features the first half
 * (rounded down) turn with the row of the predicted pixel, the others with its column, by {@code position * 100^(-i / n)} for pair i of
 * the n on an axis (base 100 as in Heo et al. 2024, arXiv 2403.13298). A head of width 2 has one pair, which turns with the raster
 * index, by one radian a token. Feature i of a head is paired with feature i + headWidth / 2. The paper names RoPE only; all of this is
 * our choice.
 */
public final class RotaryAngles {
    private static final double BASE = 100;

    private RotaryAngles() {}

    /** The angle by which a pair turns at a token, in radians. */
    public static double of(ModelShape shape, int pair, int token) {
        int pairs = shape.headWidth() / 2;
        int rowPairs = pairs / 2;
        if (pairs == 1) {
            return token;
        }
        int row = token / shape.resolution();
        int column = token % shape.resolution();
        return pair < rowPairs
                ? row * StrictMath.pow(BASE, -(double) pair / rowPairs)
                : column * StrictMath.pow(BASE, -(double) (pair - rowPairs) / (pairs - rowPairs));
    }
}

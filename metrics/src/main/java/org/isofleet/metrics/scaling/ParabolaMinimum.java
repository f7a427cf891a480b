package org.isofleet.metrics.scaling;

import java.util.Arrays;

/**
 * The vertex of a least-squares parabola in log N.
 *
 * <p>Through all sizes it is biased by wide or off-centre grids, because profiles are steeper on the side of small models; through
 * the best size and a few neighbours on each side the bias is small, at the price of more noise. A vertex counts only when it lies
 * inside the sizes used and the curvature is distinguishable from zero.
 *
 * @param reach neighbours on each side of the best size
 */
record ParabolaMinimum(int reach) implements ProfileMinimum {
    private static final int LEAST_SIZES = 3;

    @Override
    public Located locate(IsoflopProfile profile, double noise) {
        if (profile.sizes() < LEAST_SIZES) {
            return new Located.Nowhere(profile.sizes() + " size(s); a parabola needs at least " + LEAST_SIZES);
        }
        if (reach < profile.sizes() && profile.edge()) {
            return new Located.Nowhere("its minimum lies on an edge of the sizes");
        }
        int best = profile.best();
        int from = reach > best ? 0 : best - reach;
        int to = reach >= profile.sizes() - best ? profile.sizes() : best + reach + 1;
        double[] x = Arrays.copyOfRange(profile.logN, from, to);
        double[] y = Arrays.copyOfRange(profile.scaled, from, to);
        Parabola parabola = Parabola.through(x, y);
        if (parabola.curvature() <= CURVATURE_ERRORS * noise * parabola.curvaturePerNoise()) {
            return new Located.Nowhere("its curvature cannot be told from zero");
        }
        double vertex = parabola.vertex();
        if (vertex <= x[0] || vertex >= x[x.length - 1]) {
            return new Located.Nowhere("its minimum lies outside the sizes");
        }
        return new Located.At(vertex, parabola.at(vertex));
    }
}

package org.isofleet.metrics.scaling;

import java.util.Arrays;

/**
 * The vertex of a least-squares parabola in log N.
 *
 * <p>Through all sizes it is biased by wide or off-centre grids, because profiles are steeper on the side of small models; through
 * the sizes near the best one the bias is small, at the price of more noise. Near is a factor, not a count, because a finer grid
 * must not make the fit noisier; two neighbours on each side are taken in any case. A vertex counts only when it lies
 * inside the sizes used and the curvature is distinguishable from zero.
 *
 * @param reach how far from the best size sizes are used, in log N
 */
record ParabolaMinimum(double reach) implements ProfileMinimum {
    /** A factor of 4 in size: with it all exponents of Porian et al. 2024 come out within 0.03, with all sizes only within 0.1. */
    static final ParabolaMinimum LOCAL = new ParabolaMinimum(1.001 * Math.log(4));

    static final ParabolaMinimum WHOLE = new ParabolaMinimum(Double.POSITIVE_INFINITY);

    private static final int NEIGHBOURS = 2;
    private static final int LEAST_SIZES = 3;

    @Override
    public Located locate(IsoflopProfile profile, double noise) {
        if (profile.sizes() < LEAST_SIZES) {
            return new Located.Nowhere(profile.sizes() + " size(s); a parabola needs at least " + LEAST_SIZES);
        }
        if (Double.isFinite(reach) && profile.edge()) {
            return new Located.Nowhere("its minimum lies on an edge of the sizes");
        }
        int best = profile.best();
        int from = Math.max(0, best - NEIGHBOURS);
        while (from > 0 && profile.logN[best] - profile.logN[from - 1] <= reach) {
            from--;
        }
        int to = Math.min(profile.sizes(), best + NEIGHBOURS + 1);
        while (to < profile.sizes() && profile.logN[to] - profile.logN[best] <= reach) {
            to++;
        }
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

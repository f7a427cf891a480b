package org.isofleet.metrics.scaling;

/**
 * The lowest point of the Akima spline through a profile (Akima 1970; for IsoFLOP profiles Porian et al. 2024). The spline is a
 * cubic between sizes, so its minima are the roots of quadratics and need no search.
 */
final class AkimaMinimum implements ProfileMinimum {
    private static final int LEAST_SIZES = 5;

    @Override
    public Located locate(IsoflopProfile profile, double noise) {
        if (profile.sizes() < LEAST_SIZES) {
            return new Located.Nowhere(profile.sizes() + " size(s); an Akima spline needs at least " + LEAST_SIZES);
        }
        AkimaSpline spline = new AkimaSpline(profile.logN, profile.scaled);
        int last = profile.sizes() - 1;
        double lowest = Math.min(profile.scaled[0], profile.scaled[last]);
        double where = Double.NaN;
        for (int i = 0; i < last; i++) {
            double[] piece = spline.piece(i);
            double inside = stationaryMinimum(piece, profile.logN[i + 1] - profile.logN[i]);
            if (!Double.isNaN(inside) && value(piece, inside) < lowest) {
                lowest = value(piece, inside);
                where = profile.logN[i] + inside;
            }
            if (i > 0 && profile.scaled[i] < lowest) { // a minimum just at a knot, lost by rounding on both sides
                lowest = profile.scaled[i];
                where = profile.logN[i];
            }
        }
        return Double.isNaN(where)
                ? new Located.Nowhere("its minimum lies on an edge of the sizes")
                : new Located.At(where, lowest);
    }

    /** The place in (0, width) where a cubic has a local minimum; NaN when there is none. */
    private static double stationaryMinimum(double[] cubicPiece, double width) {
        double linear = cubicPiece[1];
        double quadratic = cubicPiece[2];
        double cubic = cubicPiece[3];
        double discriminant = quadratic * quadratic - 3 * cubic * linear;
        if (discriminant < 0) {
            return Double.NaN;
        }
        // The root with positive second derivative, in the form that does not cancel.
        double root = Math.sqrt(discriminant);
        double place = quadratic >= 0 ? -linear / (quadratic + root) : (root - quadratic) / (3 * cubic);
        return place > 0 && place < width ? place : Double.NaN;
    }

    private static double value(double[] piece, double t) {
        return piece[0] + t * (piece[1] + t * (piece[2] + t * piece[3]));
    }
}

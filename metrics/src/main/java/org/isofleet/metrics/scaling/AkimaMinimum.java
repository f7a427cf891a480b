package org.isofleet.metrics.scaling;

import org.hipparchus.analysis.interpolation.AkimaSplineInterpolator;
import org.hipparchus.analysis.polynomials.PolynomialFunction;
import org.hipparchus.analysis.polynomials.PolynomialSplineFunction;

/**
 * The lowest point of the Akima spline through a profile (Akima 1970; for IsoFLOP profiles Porian et al. 2024). The spline is a
 * cubic between sizes, so its minima are the roots of quadratics and need no search.
 */
final class AkimaMinimum implements ProfileMinimum {
    private static final int LEAST_SIZES = 5;

    @Override
    public Located locate(IsoflopProfile profile, double noise) {
        if (profile.sizes() < LEAST_SIZES) {
            return new Located.Nowhere(profile.sizes() + " sizes; an Akima spline needs at least " + LEAST_SIZES);
        }
        PolynomialSplineFunction spline = new AkimaSplineInterpolator().interpolate(profile.logN, profile.scaled);
        PolynomialFunction[] pieces = spline.getPolynomials();
        int last = profile.sizes() - 1;
        double lowest = Math.min(profile.scaled[0], profile.scaled[last]);
        double where = Double.NaN;
        for (int i = 0; i < pieces.length; i++) {
            double width = profile.logN[i + 1] - profile.logN[i];
            double inside = stationaryMinimum(pieces[i].getCoefficients(), width);
            if (!Double.isNaN(inside) && pieces[i].value(inside) < lowest) {
                lowest = pieces[i].value(inside);
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
    private static double stationaryMinimum(double[] coefficients, double width) {
        double linear = coefficients.length > 1 ? coefficients[1] : 0;
        double quadratic = coefficients.length > 2 ? coefficients[2] : 0;
        double cubic = coefficients.length > 3 ? coefficients[3] : 0;
        double discriminant = quadratic * quadratic - 3 * cubic * linear;
        if (discriminant < 0) {
            return Double.NaN;
        }
        // The root with positive second derivative, in the form that does not cancel.
        double root = Math.sqrt(discriminant);
        double place = quadratic >= 0 ? -linear / (quadratic + root) : (root - quadratic) / (3 * cubic);
        return place > 0 && place < width ? place : Double.NaN;
    }
}

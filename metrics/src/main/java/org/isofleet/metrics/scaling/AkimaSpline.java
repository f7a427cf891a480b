package org.isofleet.metrics.scaling;

/**
 * Akima's spline (Akima 1970, J. ACM 17:589): piecewise cubics whose slope at a knot is the mean of the slopes of the two chords
 * beside it, each weighted with the change of slope on the other side, so that one odd value does not set the whole curve swinging.
 *
 * <p>At the ends it continues the chords along a parabola, as Akima did and SciPy does. Hipparchus differentiates a three-point
 * parabola there instead, which moves minima next to an edge: on the published studies by up to 0.036 in the exponent.
 */
final class AkimaSpline {
    private static final double NEGLIGIBLE = 1e-9;

    private final double[] x;
    private final double[] y;
    private final double[] slopes;

    /** @param x rising, at least three */
    AkimaSpline(double[] x, double[] y) {
        this.x = x;
        this.y = y;
        slopes = slopes(chords(x, y));
    }

    /** Slopes between knots, with two more continued on each side: chord i lies right of knot i - 2. */
    private static double[] chords(double[] x, double[] y) {
        int n = x.length;
        double[] chords = new double[n + 3];
        for (int i = 0; i + 1 < n; i++) {
            chords[i + 2] = (y[i + 1] - y[i]) / (x[i + 1] - x[i]);
        }
        chords[1] = 2 * chords[2] - chords[3];
        chords[0] = 2 * chords[1] - chords[2];
        chords[n + 1] = 2 * chords[n] - chords[n - 1];
        chords[n + 2] = 2 * chords[n + 1] - chords[n];
        return chords;
    }

    private static double[] slopes(double[] chords) {
        int n = chords.length - 3;
        double[] slopes = new double[n];
        double largest = 0;
        for (int i = 0; i < n; i++) {
            largest = Math.max(largest, Math.abs(chords[i + 3] - chords[i + 2]) + Math.abs(chords[i + 1] - chords[i]));
        }
        for (int i = 0; i < n; i++) {
            double right = Math.abs(chords[i + 3] - chords[i + 2]);
            double left = Math.abs(chords[i + 1] - chords[i]);
            slopes[i] = left + right > NEGLIGIBLE * largest
                    ? (right * chords[i + 1] + left * chords[i + 2]) / (left + right)
                    : (chords[i + 1] + chords[i + 2]) / 2; // straight on both sides: either chord will do
        }
        return slopes;
    }

    /** Coefficients of {@code c0 + c1 t + c2 t^2 + c3 t^3} between knots i and i + 1, with t = x - x[i]. */
    double[] piece(int i) {
        double width = x[i + 1] - x[i];
        double chord = (y[i + 1] - y[i]) / width;
        return new double[] {
            y[i],
            slopes[i],
            (3 * chord - 2 * slopes[i] - slopes[i + 1]) / width,
            (slopes[i] + slopes[i + 1] - 2 * chord) / (width * width)
        };
    }
}
